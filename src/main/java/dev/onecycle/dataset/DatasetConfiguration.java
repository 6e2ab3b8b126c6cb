package dev.onecycle.dataset;

import dev.onecycle.platform.InTheWay;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the importer together: where it reads, writes and may connect to. */
@Configuration(proxyBeanMethods = false)
class DatasetConfiguration {

  @Bean
  DatasetImport.Places importPlaces(
      OnecycleProperties onecycle, DatasetProperties properties, DiskSpace space, Clock clock)
      throws IOException {
    Path uploads = Files.createDirectories(onecycle.home().resolve("uploads"));
    Path work = Files.createDirectories(onecycle.home().resolve("tmp").resolve("imports"));
    Download download =
        new Download(
            () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
            PublicAddress::is,
            space,
            properties.maxUpload().toBytes(),
            properties.maxDownloadTime(),
            clock);
    return new DatasetImport.Places(uploads, work, properties, download, space);
  }

  @Bean
  DatasetImporter datasetImporter(
      ImportRecorder recorder,
      BlobStore store,
      DatasetImport.Places places,
      OnecycleProperties onecycle) {
    return new DatasetImporter(recorder, store, places, onecycle.role().serves());
  }

  @Bean
  DatasetIntake datasetIntake(
      Datasets datasets,
      DatasetImporter importer,
      BlobStore store,
      PixelCache pixels,
      InTheWay inTheWay,
      DatasetImport.Places places,
      Clock clock) {
    return new DatasetIntake(datasets, importer, store, pixels, inTheWay, places, clock);
  }
}
