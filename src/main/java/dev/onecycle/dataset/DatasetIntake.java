package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.BlobStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Accepts datasets, and lets them go. */
public class DatasetIntake {

  private static final int MAX_NAME = 200;

  private final Datasets datasets;
  private final DatasetImporter importer;
  private final BlobStore store;
  private final PixelCache pixels;
  private final DatasetImport.Places places;
  private final Clock clock;

  DatasetIntake(
      Datasets datasets,
      DatasetImporter importer,
      BlobStore store,
      PixelCache pixels,
      DatasetImport.Places places,
      Clock clock) {
    this.datasets = datasets;
    this.importer = importer;
    this.store = store;
    this.pixels = pixels;
    this.places = places;
    this.clock = clock;
  }

  /**
   * Records a dataset; its import begins after the commit. Throws {@link Failure.Invalid} for a
   * directory that may not be read and {@link Failure.Overloaded} if too many are waiting.
   *
   * @param name to show; null: made from the source
   * @param split null: by folders where both exist, else random
   */
  @Transactional
  public UUID submit(String name, Source source, SplitSpec split) {
    if (source.type() == Source.Type.UPLOAD) {
      throw new Failure.Invalid(
          "source.type upload has no archive", "Send the archive as multipart/form-data.");
    }
    if (source.type() == Source.Type.DIRECTORY) {
      DirectoryFiles.allowed(source.path(), places.properties().roots());
    }
    return record(name, source, null, split);
  }

  /** As {@link #submit}, for an archive that was put into {@link #uploads} under that name. */
  @Transactional
  public UUID submitUpload(String name, String sentAs, String uploadFile, SplitSpec split) {
    return record(name, Source.upload(cleaned(sentAs, "archive")), uploadFile, split);
  }

  private UUID record(String name, Source source, String uploadFile, SplitSpec split) {
    long waiting = datasets.countByState(Dataset.State.IMPORTING);
    if (waiting >= places.properties().maxWaiting()) {
      throw new Failure.Overloaded(
          waiting + " imports are under way, maximum " + places.properties().maxWaiting(),
          Duration.ofSeconds(30));
    }
    Dataset dataset =
        datasets.save(
            new Dataset(
                name == null ? named(source) : checked(name),
                source,
                uploadFile,
                split == null ? SplitSpec.byDefault() : split,
                clock.instant()));
    afterCommit(importer::ring);
    return dataset.id();
  }

  /**
   * Forgets a dataset and its pictures; an import under way stops. Throws
   * DataIntegrityViolationException while something refers to it, {@link Failure.NotFound} if there
   * is none.
   */
  @Transactional
  public void delete(UUID id) {
    Dataset dataset = datasets.required(id);
    String upload = dataset.uploadFile();
    datasets.deleteById(id);
    datasets.flush();
    afterCommit(
        () -> {
          store.deleteAll(Claim.prefix(id));
          pixels.forget(id);
          if (upload != null) {
            places.uploads().resolve(upload).toFile().delete();
          }
        });
  }

  /** Calls it otherwise; throws as {@link #submit} for a name that cannot be. */
  @Transactional
  public void rename(UUID id, String name) {
    datasets.required(id).rename(checked(name));
  }

  /** Whether that dataset is the one that {@code uploadFile} was sent for, not an earlier one. */
  @Transactional(readOnly = true)
  public boolean waits(UUID id, String uploadFile) {
    return datasets.findById(id).filter(d -> uploadFile.equals(d.uploadFile())).isPresent();
  }

  /** The directory that uploads wait in. */
  public Path uploads() {
    return places.uploads();
  }

  private static void afterCommit(Runnable action) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }

  private static String checked(String name) {
    boolean clean = name.codePoints().noneMatch(c -> Character.getType(c) == Character.CONTROL);
    if (name.isBlank() || name.length() > MAX_NAME || !clean) {
      throw new Failure.Invalid(
          "name must have 1 to " + MAX_NAME + " characters, none of them control characters");
    }
    return name;
  }

  private static String named(Source source) {
    return switch (source.type()) {
      case SAMPLE -> "sample";
      case URL -> cleaned(source.url(), "archive");
      case DIRECTORY, UPLOAD -> cleaned(source.path(), "dataset");
    };
  }

  /** The last part of a path or URL, harmless and short. */
  private static String cleaned(String path, String otherwise) {
    if (path == null) {
      return otherwise;
    }
    String last = path.replaceAll("[?#].*", "").replaceAll("[/\\\\]+$", "");
    last = last.substring(Math.max(last.lastIndexOf('/'), last.lastIndexOf('\\')) + 1);
    last = last.replaceAll("[\\p{Cntrl}\\p{Cf}]", "");
    return last.isBlank() ? otherwise : last.substring(0, Math.min(last.length(), MAX_NAME));
  }
}
