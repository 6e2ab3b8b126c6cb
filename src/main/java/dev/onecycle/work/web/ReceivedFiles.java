package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetFiles;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/** Files of requests, on the disk or in the store; never held in memory. */
@Component
class ReceivedFiles {

  private final BlobStore store;
  private final DiskSpace space;
  private final TemporaryFiles temporary;

  ReceivedFiles(BlobStore store, DiskSpace space, TemporaryFiles temporary) {
    this.store = store;
    this.space = space;
    this.temporary = temporary;
  }

  /** Refuses what the disk has no room for. */
  void requireRoom(long bytes) throws IOException {
    space.require(temporary.directory(), Math.max(0, bytes));
  }

  /** A file on the disk, until it is closed. */
  TemporaryFile file(MultipartFile sent) throws IOException {
    TemporaryFile file = temporary.file(".upload");
    boolean received = false;
    try {
      // By name, not by path: the servlet container then renames its file instead of copying it.
      sent.transferTo(file.path().toFile());
      received = true;
      return file;
    } finally {
      if (!received) {
        file.close();
      }
    }
  }

  /** Puts a file into the store, where any process that imports finds it. */
  Blob store(MultipartFile sent) throws IOException {
    try (TemporaryFile file = file(sent)) {
      return store.put(DatasetFiles.upload(UUID.randomUUID()), file.path());
    }
  }

  void delete(Blob blob) {
    store.delete(blob.key());
  }
}
