package dev.onecycle.platform;

import java.time.Clock;
import java.time.Duration;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.type.format.jackson.Jackson3JsonFormatMapper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What every room takes from the process: time, its version, JSON columns. */
@Configuration(proxyBeanMethods = false)
class PlatformConfiguration {

  /** UTC, cut to microseconds: what both databases keep, so that a time read back equals itself. */
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  }

  @Bean
  CodeVersion codeVersion(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new CodeVersion(properties == null ? "development" : properties.getVersion());
  }

  /**
   * JSON columns are written as answers are. They are read leniently: a row may be older or newer
   * than the code. Hibernate by itself would take Jackson 2, which springdoc brings along.
   */
  @Bean
  HibernatePropertiesCustomizer jsonColumns(JsonMapper mapper) {
    JsonMapper lenient =
        mapper.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    return properties ->
        properties.put(AvailableSettings.JSON_FORMAT_MAPPER, new Jackson3JsonFormatMapper(lenient));
  }
}
