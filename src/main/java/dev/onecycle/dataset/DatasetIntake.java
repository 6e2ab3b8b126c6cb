package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.files.DirectoryFiles;
import dev.onecycle.platform.DeletionGuard;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Accepts datasets, and lets them go. Both are part of the caller's transaction, in which their
 * import is queued or taken back.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class DatasetIntake {

  private static final int MAX_NAME = 200;

  private final Datasets datasets;
  private final DatasetProperties properties;
  private final BucketProperties s3;
  private final DeletionGuard guard;
  private final BlobStore store;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  DatasetIntake(
      Datasets datasets,
      DatasetProperties properties,
      BucketProperties s3,
      DeletionGuard guard,
      BlobStore store,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.datasets = datasets;
    this.properties = properties;
    this.s3 = s3;
    this.guard = guard;
    this.store = store;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Records a dataset that waits for its import.
   *
   * @param name to show; null: made from the source
   * @throws Failure.Invalid for a directory or a bucket that may not be read, or a name that cannot
   *     be shown
   * @throws Failure.Overloaded if too many imports are waiting
   */
  public Dataset accept(@Nullable String name, Source source, ImportSpec spec) {
    requireReadable(source);
    return record(name, source, null, null, spec);
  }

  /**
   * Refuses a source that may not be read.
   *
   * @throws Failure.Invalid as {@link #accept}
   */
  @Transactional(propagation = Propagation.SUPPORTS)
  public void requireReadable(Source source) {
    if (source.type() == Source.Type.UPLOAD) {
      throw new Failure.Invalid(
          "source.type upload has no archive", "Send the archive as multipart/form-data.");
    }
    source.requirePort();
    if (source.type() == Source.Type.DIRECTORY) {
      DirectoryFiles.allowed(requireNonNull(source.path()), properties.roots());
    }
    if (source.type() == Source.Type.S3) {
      s3.allowed(requireNonNull(source.url()));
    }
  }

  /**
   * As {@link #accept}, for an archive that is in the store.
   *
   * @param sentAs the name of the file as it was sent, or null
   * @param table sent beside it, or null
   */
  public Dataset acceptUpload(
      @Nullable String name,
      @Nullable String sentAs,
      Blob upload,
      @Nullable LabelTableUpload table,
      ImportSpec spec) {
    return record(name, Source.upload(cleaned(sentAs, "archive")), upload, table, spec);
  }

  private Dataset record(
      @Nullable String name,
      Source source,
      @Nullable Blob upload,
      @Nullable LabelTableUpload table,
      ImportSpec spec) {
    long waiting = datasets.countByState(Dataset.State.IMPORTING);
    if (waiting >= properties.maxWaiting()) {
      throw new Failure.Overloaded(
          waiting + " imports are under way, maximum " + properties.maxWaiting(),
          Duration.ofSeconds(30));
    }
    return datasets.save(
        new Dataset(
            name == null ? named(source) : checked(name),
            source,
            upload,
            table,
            spec,
            clock.instant()));
  }

  /**
   * Forgets a dataset, and its pictures with the last of their versions.
   *
   * @throws Failure.Conflict while runs refer to it
   * @throws Failure.NotFound if there is none
   */
  public void delete(UUID id) {
    Dataset dataset = datasets.required(id);
    datasets.flush();
    List<Dataset> others = others(dataset);
    guard.refuse(List.of(id), "runs still use dataset " + id, "Delete them first.");
    datasets.deleteById(id);
    datasets.flush();
    if (others.isEmpty()) {
      publisher.publishEvent(DatasetFiles.Released.all(dataset));
    } else {
      DatasetVersions.own(dataset, others)
          .forEach(file -> publisher.publishEvent(new DatasetFiles.Superseded(file)));
    }
  }

  /** The other versions of its pictures; none of them comes or goes before the transaction ends. */
  private List<Dataset> others(Dataset dataset) {
    return datasets.lockVersions(dataset.first()).stream()
        .filter(version -> !version.id().equals(dataset.id()))
        .toList();
  }

  /** The keys in the store that {@link #delete} would let go. */
  public List<String> goingWith(UUID id) {
    Dataset dataset = datasets.required(id);
    List<Dataset> others = others(dataset);
    return others.isEmpty()
        ? store.list(DatasetFiles.folder(dataset.first()))
        : DatasetVersions.own(dataset, others).stream().map(Blob::key).toList();
  }

  /**
   * Calls it otherwise.
   *
   * @throws Failure.NotFound if there is none
   * @throws Failure.Invalid for a name that cannot be shown
   */
  @Transactional
  public void rename(UUID id, String name) {
    datasets.required(id).rename(checked(name));
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
      case S3 -> cleaned(source.url(), "bucket");
      case DIRECTORY, UPLOAD -> cleaned(source.path(), "dataset");
    };
  }

  /** The last part of a path or URL, harmless and short. */
  private static String cleaned(@Nullable String path, String otherwise) {
    if (path == null) {
      return otherwise;
    }
    String last = path.replaceAll("[?#].*", "").replaceAll("[/\\\\]+$", "");
    last = last.substring(Math.max(last.lastIndexOf('/'), last.lastIndexOf('\\')) + 1);
    last = last.replaceAll("[\\p{Cntrl}\\p{Cf}]", "");
    return last.isBlank() ? otherwise : last.substring(0, Math.min(last.length(), MAX_NAME));
  }
}
