package dev.onecycle;

import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.query.DeclaredQuery;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactory;
import org.springframework.data.jpa.repository.query.QueryEnhancerSelector;

/** The repositories of all rooms. */
@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(
    basePackageClasses = Onecycle.class,
    queryEnhancerSelector = RepositoryConfiguration.WrittenQueries.class)
class RepositoryConfiguration {

  /**
   * Takes written queries as they stand. Hibernate parses and checks each at start; Spring Data
   * would parse it once more, a sixth of the start, to add a sort or a count that none here has.
   */
  static final class WrittenQueries implements QueryEnhancerSelector {

    @Override
    public QueryEnhancerFactory select(DeclaredQuery query) {
      return QueryEnhancerFactories.fallback();
    }
  }
}
