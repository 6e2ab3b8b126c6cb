package dev.onecycle.dataset;

import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
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
   * @param uploads what was uploaded for it
   * @param kept the keys of what stays, none if the dataset goes
   */
  record Released(UUID dataset, List<Blob> uploads, Set<String> kept) {

    /** All that a dataset has goes, which is the last version of its pictures. */
    static Released all(Dataset dataset) {
      return new Released(dataset.first(), of(dataset, Set.of()).uploads, Set.of());
    }

    static Released of(Dataset dataset, Set<String> kept) {
      LabelTableUpload table = dataset.labelTable();
      List<Blob> uploads =
          Stream.of(dataset.upload(), table == null ? null : table.blob())
              .filter(Objects::nonNull)
              .toList();
      return new Released(dataset.id(), uploads, kept);
    }
  }

  /** The rows go first: a file without a row is garbage, a row without its file is a lie. */
  @TransactionalEventListener
  void delete(Released released) {
    released.uploads().forEach(upload -> store.delete(upload.key()));
    store.list(folder(released.dataset())).stream()
        .filter(key -> !released.kept().contains(key))
        .forEach(store::delete);
    if (released.kept().isEmpty()) {
      pixels.forget(released.dataset());
    }
  }

  /** A dataset has another file in the place of this one. */
  record Superseded(Blob file) {}

  @TransactionalEventListener
  void delete(Superseded superseded) {
    store.delete(superseded.file().key());
  }

  /** A file was written for a row of this transaction, and is of no use without it. */
  record Written(String key) {}

  @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
  void delete(Written written) {
    store.delete(written.key());
  }

  /** Where an attempt at an import puts its pack; no two share a key. */
  public static String pack(UUID dataset, int attempt) {
    return folder(dataset) + attempt + "/pictures.zip";
  }

  /** Where another index of a pack is put; no two share a key. */
  static String index(UUID dataset) {
    return folder(dataset) + UUID.randomUUID() + "/index.tsv";
  }

  /** Where a table is put that was sent after the import; no two share a key. */
  static String table(UUID dataset) {
    return folder(dataset) + UUID.randomUUID() + "/table.csv";
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
