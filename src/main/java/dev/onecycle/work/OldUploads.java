package dev.onecycle.work;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.store.StoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Clears the folder of the home in which uploads waited before they went into the store: no row
 * knows what lies in it.
 */
@Component
class OldUploads {

  private static final Logger log = LoggerFactory.getLogger(OldUploads.class);

  OldUploads(OnecycleProperties onecycle, StoreProperties store) throws IOException {
    Path folder = onecycle.home().resolve("uploads");
    Path directory = store.directory();
    boolean stored =
        directory != null && onecycle.home().equals(directory.toAbsolutePath().normalize());
    if (!stored && Files.isDirectory(folder) && FileSystemUtils.deleteRecursively(folder)) {
      log.info("uploads of an older version, which nothing knows any more, were deleted");
    }
  }
}
