package dev.onecycle.dataset;

import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What datasets have in the store. */
@Component
public class DatasetFiles {

  private final BlobStore store;
  private final PixelCache pixels;

  DatasetFiles(BlobStore store, PixelCache pixels) {
    this.store = store;
    this.pixels = pixels;
  }

  /**
   * An import ended or a dataset was deleted: what it had in the store is of no use any more.
   *
   * @param upload its uploaded archive, or null
   * @param kept the key of what stays, or null for nothing
   */
  record Released(UUID dataset, @Nullable Blob upload, @Nullable String kept) {}

  /** The rows go first: a file without a row is garbage, a row without its file is a lie. */
  @TransactionalEventListener
  void delete(Released released) {
    if (released.upload() != null) {
      store.delete(released.upload().key());
    }
    store.list(folder(released.dataset())).stream()
        .filter(key -> !key.equals(released.kept()))
        .forEach(store::delete);
    if (released.kept() == null) {
      pixels.forget(released.dataset());
    }
  }

  /** Where an attempt at an import puts its pack; no two share a key. */
  public static String pack(UUID dataset, int attempt) {
    return folder(dataset) + attempt + "/pictures.zip";
  }

  /** Where an uploaded archive waits for its import. */
  public static String upload(UUID id) {
    return "uploads/" + id;
  }

  /** Where everything of a dataset lies, but for its uploaded archive. */
  public static String folder(UUID dataset) {
    return "datasets/" + dataset + "/";
  }
}
