package dev.onecycle;

import jakarta.persistence.EntityManager;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactoryBean;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.core.support.RepositoryFactorySupport;
import org.springframework.data.repository.query.DefaultParameters;
import org.springframework.data.repository.query.QueryLookupStrategy;
import org.springframework.data.repository.query.QueryMethod;
import org.springframework.data.repository.query.RepositoryQuery;
import org.springframework.data.repository.query.ValueExpressionDelegate;
import org.springframework.data.util.Lazy;

/** The repositories of all rooms. */
@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(
    basePackageClasses = Onecycle.class,
    repositoryFactoryBeanClass = RepositoryConfiguration.Unasked.class)
class RepositoryConfiguration {

  /**
   * Makes repositories whose queries are read when they are first asked. Reading all of them would
   * be a sixth of the start; MigrationIT does it for every repository, so that a wrong one is known
   * before.
   */
  static final class Unasked<T extends Repository<S, I>, S, I>
      extends JpaRepositoryFactoryBean<T, S, I> {

    Unasked(Class<? extends T> repository) {
      super(repository);
    }

    @Override
    protected RepositoryFactorySupport createRepositoryFactory(EntityManager entities) {
      return new UnaskedFactory(entities);
    }
  }

  private static final class UnaskedFactory extends JpaRepositoryFactory {

    UnaskedFactory(EntityManager entities) {
      super(entities);
      // Written queries as they stand: no sort or count is ever added to one of ours, and Hibernate
      // parses them anyway.
      setQueryEnhancerSelector(query -> QueryEnhancerFactories.fallback());
    }

    @Override
    protected Optional<QueryLookupStrategy> getQueryLookupStrategy(
        QueryLookupStrategy.@Nullable Key key, ValueExpressionDelegate expressions) {
      return super.getQueryLookupStrategy(key, expressions)
          .map(
              strategy ->
                  (method, metadata, factory, named) ->
                      new UnaskedQuery(
                          new QueryMethod(method, metadata, factory, DefaultParameters::new),
                          Lazy.of(() -> strategy.resolveQuery(method, metadata, factory, named))));
    }
  }

  private record UnaskedQuery(QueryMethod method, Lazy<RepositoryQuery> query)
      implements RepositoryQuery {

    @Override
    public @Nullable Object execute(Object[] parameters) {
      return query.get().execute(parameters);
    }

    @Override
    public QueryMethod getQueryMethod() {
      return method;
    }
  }
}
