package dev.onecycle.dataset;

import dev.onecycle.store.DiskSpace;
import java.time.Clock;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what reads sources: what it may read, and what it may connect to. */
@Configuration(proxyBeanMethods = false)
class DatasetConfiguration {

  @Bean
  SourcePacker sourcePacker(DatasetProperties properties, DiskSpace space, Clock clock) {
    Download download =
        new Download(
            () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
            PublicAddress::is,
            space,
            properties.maxUpload().toBytes(),
            properties.maxDownloadTime(),
            clock);
    return new SourcePacker(properties, download, space);
  }
}
