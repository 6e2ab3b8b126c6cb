package dev.onecycle.dataset;

import dev.onecycle.store.Buckets;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.S3Access;
import dev.onecycle.store.download.Download;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what reads sources: what it may read, and what it may connect to. */
@Configuration(proxyBeanMethods = false)
class DatasetConfiguration {

  @Bean
  Buckets buckets(BucketProperties s3) {
    return new Buckets(new S3Access(s3.region(), s3.endpoint(), s3.pathStyle()));
  }

  @Bean
  SourcePacker sourcePacker(
      DatasetProperties properties,
      DiskSpace space,
      BucketProperties s3,
      Buckets buckets,
      Clock clock) {
    Download download =
        new Download(
            space,
            new Download.Limits(
                properties.maxUpload().toBytes(),
                properties.maxDownloadTime(),
                "onecycle.dataset.max-upload"),
            clock);
    return new SourcePacker(properties, download, space, s3, buckets, clock);
  }
}
