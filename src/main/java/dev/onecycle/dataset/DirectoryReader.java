package dev.onecycle.dataset;

import dev.onecycle.dataset.files.DirectoryFiles;
import dev.onecycle.dataset.files.ImportLimits;
import dev.onecycle.platform.Failure;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/** Lists directories of this machine, where they lie below {@code onecycle.dataset.roots}. */
@Component
public class DirectoryReader {

  private final DatasetProperties properties;

  DirectoryReader(DatasetProperties properties) {
    this.properties = properties;
  }

  /**
   * Makes sure that a directory may be read.
   *
   * @throws Failure.Invalid unless it is one of this machine below a root
   */
  public void requireAllowed(String path) {
    DirectoryFiles.allowed(path, properties.roots());
  }

  /**
   * The pictures below a directory.
   *
   * @throws Failure.Invalid if it may not be read, or there are too many files below it
   * @throws CancellationException once {@code stopRequested} says so
   */
  public DirectoryPictures list(String path, BooleanSupplier stopRequested) {
    ImportLimits limits = properties.limits();
    DirectoryFiles files =
        new DirectoryFiles(
            path,
            properties.roots(),
            limits,
            null,
            () -> {
              if (stopRequested.getAsBoolean()) {
                throw new CancellationException("a stop was requested");
              }
            });
    return new DirectoryPictures(files.pictures(), limits);
  }
}
