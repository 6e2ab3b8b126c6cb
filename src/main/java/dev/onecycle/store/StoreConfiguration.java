package dev.onecycle.store;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.StartRefused;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store that this process uses: a directory, by default below its home, or a bucket. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

  @Bean
  DiskSpace diskSpace(StoreProperties properties) {
    return new DiskSpace(properties.reserve().toBytes());
  }

  @Bean
  BlobStore blobStore(
      OnecycleProperties onecycle,
      StoreProperties properties,
      S3Properties s3,
      DiskSpace space,
      Clock clock) {
    return switch (properties.type()) {
      case DIRECTORY -> {
        Path directory = properties.directory();
        Path root = directory == null ? onecycle.home().resolve("store") : directory;
        yield new DirectoryStore(root.toAbsolutePath(), space, clock.instant());
      }
      case S3 -> {
        if (s3.bucket() == null || s3.bucket().isBlank()) {
          throw new StartRefused(
              "onecycle.store.type is s3, but no bucket is named",
              "Set onecycle.store.s3.bucket, or onecycle.store.type=directory.");
        }
        Path cache = onecycle.home().resolve("cache");
        long limit = properties.cache().toBytes();
        yield new S3Store(s3, new LocalCopies(cache, limit, space, clock));
      }
    };
  }
}
