package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.run.Pool;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.testing.OldImports;
import dev.onecycle.testing.Postgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.repository.Repository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.ClassUtils;

/** The same migrations on both databases give the tables that every entity is mapped to. */
class MigrationIT {

  @AutoConfigurationPackage(basePackageClasses = Onecycle.class)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    FlywayAutoConfiguration.class,
    HibernateJpaAutoConfiguration.class
  })
  static class OnlyTheDatabase {}

  /** The interfaces of a kind. */
  private static final class Interfaces extends ClassPathScanningCandidateComponentProvider {
    Interfaces(Class<?> kind) {
      super(false);
      addIncludeFilter(new AssignableTypeFilter(kind));
    }

    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition found) {
      return found.getMetadata().isInterface();
    }
  }

  @Test
  void bothDatabasesGetTheSameTables() {
    List<String> h2 = columnsAfterStart("jdbc:h2:mem:migration");
    List<String> postgres = columnsAfterStart(Postgres.newDatabase());

    assertThat(h2).isNotEmpty().isEqualTo(postgres);
  }

  /** The service reads a query when it is first asked; here each must be right at once. */
  @Test
  void everyQueryFitsTheTables() {
    List<? extends Class<?>> repositories =
        new Interfaces(Repository.class)
            .findCandidateComponents("dev.onecycle").stream()
                .map(found -> ClassUtils.resolveClassName(found.getBeanClassName(), null))
                .toList();
    try (ConfigurableApplicationContext context = start("jdbc:h2:mem:queries");
        EntityManager entities =
            context.getBean(EntityManagerFactory.class).createEntityManager()) {
      JpaRepositoryFactory atOnce = new JpaRepositoryFactory(entities);

      assertThat(repositories)
          .hasSizeGreaterThan(5)
          .allSatisfy(type -> assertThat(atOnce.getRepository(type)).isNotNull());
    }
  }

  /** What the queue that imports had before held is found in the one that they have now. */
  @Test
  void importsThatWaitedAreRunsAfterwards() {
    for (String url : List.of("jdbc:h2:mem:imports;DB_CLOSE_DELAY=-1", Postgres.newDatabase())) {
      OldImports.migrate(url);
      UUID waiting = OldImports.waiting(url);
      UUID uploaded = OldImports.uploaded(url);
      try (ConfigurableApplicationContext context = start(url);
          EntityManager entities =
              context.getBean(EntityManagerFactory.class).createEntityManager()) {
        Run run = entities.find(Run.class, waiting);
        assertThat(run.state()).isEqualTo(RunState.QUEUED);
        assertThat(run.pool()).isEqualTo(Pool.IMPORTS);
        assertThat(run.spec()).isEqualTo(new RunSpec("import", waiting, 0, "old", 0));
        assertThat(run.asked()).contains("sample");
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(run.transitions()).hasSize(1);
        assertThat(
                JdbcClient.create(context.getBean(DataSource.class))
                    .sql("select task_instance from scheduled_imports where picked = false")
                    .query(String.class)
                    .list())
            .containsExactly(waiting.toString());

        // How it is to be understood was not asked then: as it always was.
        assertThat(entities.find(Dataset.class, waiting).spec())
            .isEqualTo(new ImportSpec(SplitSpec.by("folders"), LabelRule.byDefault(), null));
        assertThat(entities.find(Dataset.class, waiting).layout()).isNull();

        Dataset lost = entities.find(Dataset.class, uploaded);
        assertThat(lost.state()).isEqualTo(Dataset.State.FAILED);
        assertThat(lost.failureFix()).isEqualTo("Upload it again.");
        assertThat(entities.find(Run.class, uploaded)).isNull();
      }
    }
  }

  private static ConfigurableApplicationContext start(String url) {
    return new SpringApplicationBuilder(OnlyTheDatabase.class)
        .web(WebApplicationType.NONE)
        .run("--spring.datasource.url=" + url, "--spring.main.banner-mode=off");
  }

  /** Starts what migrates and what validates, and reads every column back. */
  private static List<String> columnsAfterStart(String url) {
    try (ConfigurableApplicationContext context = start(url)) {
      assertThat(context.getEnvironment().getProperty("spring.jpa.hibernate.ddl-auto"))
          .isEqualTo("validate");
      assertThat(context.getBean(Flyway.class).info().pending()).isEmpty();
      return columns(context.getBean(DataSource.class));
    }
  }

  /** Every {@code table.column} and whether it may be null, but for Flyway's own table. */
  private static List<String> columns(DataSource dataSource) {
    String sql =
        """
        select lower(table_name) || '.' || lower(column_name) || ' null: ' || is_nullable
        from information_schema.columns
        where lower(table_schema) = 'public' and lower(table_name) not like 'flyway%'
        """;
    return JdbcClient.create(dataSource).sql(sql).query(String.class).stream().sorted().toList();
  }
}
