package dev.onecycle.checkpoint;

import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.download.Download;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What weights are fetched with. */
@Configuration(proxyBeanMethods = false)
class CheckpointConfiguration {

  @Bean
  Download weightsDownload(DiskSpace space, CheckpointProperties properties, Clock clock) {
    return new Download(
        space,
        new Download.Limits(
            properties.maxUpload().toBytes(),
            properties.maxDownloadTime(),
            "onecycle.checkpoint.max-upload"),
        clock);
  }
}
