package dev.onecycle.store;

import dev.onecycle.platform.OnecycleProperties;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store that this process uses: a directory below its home. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

  @Bean
  DiskSpace diskSpace(StoreProperties properties) {
    return new DiskSpace(properties.reserve().toBytes());
  }

  @Bean
  BlobStore blobStore(OnecycleProperties properties, DiskSpace space, Clock clock) {
    return new DirectoryStore(properties.home().resolve("store"), space, clock.instant());
  }
}
