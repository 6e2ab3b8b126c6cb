package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.pixels.ChannelStatistics;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Labelled pictures under a name, from the request to import them on. */
@Entity
@DynamicUpdate
public class Dataset {

  /**
   * IMPORTING ends in READY or FAILED. The latter becomes READY only where its pictures were packed
   * and not understood, and are understood later.
   */
  public enum State {
    IMPORTING,
    READY,
    FAILED
  }

  @Id
  @GeneratedValue
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private UUID id;

  private String name;

  @Enumerated(EnumType.STRING)
  private State state;

  @JdbcTypeCode(SqlTypes.JSON)
  private Source source;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Blob upload;

  @JdbcTypeCode(SqlTypes.JSON)
  private SplitSpec split;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable LabelRule labelRule;

  private @Nullable String nameEncoding;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable LabelTableUpload labelTable;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Layout layout;

  @JdbcTypeCode(SqlTypes.JSON)
  private Progress progress;

  private @Nullable Integer pictures;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable List<LabelCount> labels;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable ChannelStatistics statistics;

  private @Nullable Integer medianSide;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Blob archive;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Blob packIndex;

  private @Nullable String failureMessage;
  private @Nullable String failureFix;
  private Instant createdAt;
  private Instant updatedAt;

  @Embedded private DatasetVersion version;

  /** For JPA. */
  @SuppressWarnings("NullAway.Init")
  protected Dataset() {}

  /** A dataset that waits for its import. */
  Dataset(
      String name,
      Source source,
      @Nullable Blob upload,
      @Nullable LabelTableUpload table,
      ImportSpec spec,
      Instant now) {
    this.name = name;
    this.source = source;
    this.upload = upload;
    this.labelTable = table;
    this.split = spec.split();
    this.labelRule = spec.labels();
    this.nameEncoding = spec.nameEncoding();
    this.state = State.IMPORTING;
    this.progress = Progress.none();
    this.createdAt = now;
    this.updatedAt = now;
    this.version = DatasetVersion.IMPORTED;
  }

  /** Another version of a dataset that is READY; {@code index} says what its pictures are. */
  Dataset(Dataset base, DatasetVersion version, PackSummary summary, Blob index, Instant now) {
    this.name = base.name;
    this.source = base.source;
    this.labelRule = base.labelRule;
    this.nameEncoding = base.nameEncoding;
    this.state = State.READY;
    this.progress = base.progress;
    this.archive = base.archive;
    this.packIndex = index;
    this.createdAt = now;
    this.version = version;
    understood(summary, now);
    this.layout = base.layout;
  }

  void rename(String other) {
    name = other;
  }

  void advance(Progress reached, Instant now) {
    requireImporting();
    progress = reached;
    updatedAt = now;
  }

  void ready(PackSummary summary, Blob stored, Instant now) {
    requireImporting();
    state = State.READY;
    archive = stored;
    upload = null;
    labelTable = null;
    understood(summary, now);
  }

  private void understood(PackSummary summary, Instant now) {
    split = summary.split();
    pictures = summary.pictures();
    labels = summary.labels();
    statistics = summary.statistics();
    medianSide = summary.medianSide();
    layout = summary.layout();
    updatedAt = now;
  }

  /** Its pictures are packed, and cannot be understood as was asked. */
  void notUnderstood(Layout met, Blob stored, Instant now) {
    requireImporting();
    layout = met;
    archive = stored;
    updatedAt = now;
  }

  /**
   * Understands its pictures in another way.
   *
   * @param index says what each of them is now
   * @param table sent for that, or null
   */
  void reread(
      PackSummary summary,
      LabelRule rule,
      Blob index,
      @Nullable LabelTableUpload table,
      Instant now) {
    requirePack();
    state = State.READY;
    failureMessage = null;
    failureFix = null;
    labelRule = rule;
    packIndex = index;
    labelTable = table == null ? labelTable : table;
    understood(summary, now);
  }

  /**
   * The pack of its pictures, which may be understood in another way.
   *
   * @throws Failure.Conflict unless it is READY, or FAILED because they were not understood
   * @throws Failure.Unavailable unless it is {@link #readable}
   */
  Blob requirePack() {
    return state == State.FAILED && archive != null && readable()
        ? archive
        : requireReady().archive();
  }

  void fail(String message, @Nullable String fix, Instant now) {
    requireImporting();
    state = State.FAILED;
    failureMessage = cut(message, 2_000);
    failureFix = cut(archive == null ? fix : again(fix), 1_000);
    upload = null;
    labelTable = null;
    updatedAt = now;
  }

  private String again(@Nullable String fix) {
    String patch =
        "Its pictures are kept: PATCH /api/v1/datasets/%s with labels or split, or a table of labels as the part csv, reads them again, without another import."
            .formatted(id);
    return fix == null ? patch : cut(fix, 700) + " " + patch;
  }

  /** Whether its import has not ended. */
  public boolean importing() {
    return state == State.IMPORTING;
  }

  private void requireImporting() {
    if (!importing()) {
      throw new IllegalStateException("dataset " + id + " is " + state + ". This is a bug.");
    }
  }

  private static @Nullable String cut(@Nullable String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }

  /**
   * What a dataset has once it is READY.
   *
   * @param labels ordered; a label's position is its logit
   * @param statistics of the training pictures
   * @param archive the pack in the store
   */
  public record Contents(
      int pictures, List<LabelCount> labels, ChannelStatistics statistics, Blob archive) {}

  /**
   * Returns what it has.
   *
   * @throws Failure.Conflict naming the state unless it can be used
   * @throws Failure.Unavailable unless it is {@link #readable}
   */
  public Contents requireReady() {
    if (!readable()) {
      throw new Failure.Unavailable("the row of dataset " + id + " cannot be read", fix(), null);
    }
    if (state != State.READY) {
      throw new Failure.Conflict(
          "dataset " + id + " is " + state,
          state == State.IMPORTING
              ? "Wait until its import has ended."
              : "Import it again; its failure says why.");
    }
    return new Contents(
        requireNonNull(pictures),
        requireNonNull(labels),
        requireNonNull(statistics),
        requireNonNull(archive));
  }

  /** Whether its row says all that it has to in its state. */
  public boolean readable() {
    boolean asked = source != null && split != null && progress != null;
    boolean read = pictures != null && labels != null && statistics != null && archive != null;
    return asked && (state != State.READY || read);
  }

  /** What to do about one that is not readable. */
  public String fix() {
    return "Delete it: DELETE /api/v1/datasets/" + id;
  }

  public UUID id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** Which version of its pictures' labels it is. */
  public DatasetVersion version() {
    return version;
  }

  /** The dataset that its pictures were imported as, which may be gone: names all its versions. */
  public UUID first() {
    return version.first() == null ? id : version.first();
  }

  public State state() {
    return state;
  }

  public Source source() {
    return source;
  }

  /** The uploaded archive in the store, while its import has not ended; null without one. */
  public @Nullable Blob upload() {
    return upload;
  }

  /** As asked for; once READY its strategy is decided. */
  public SplitSpec split() {
    return split;
  }

  /** How its files are to be understood. */
  public ImportSpec spec() {
    return new ImportSpec(split, labelRule, nameEncoding);
  }

  /**
   * The table that was sent beside the archive, while its import has not ended; after that, the
   * latest that was sent to understand it in another way; null without.
   */
  public @Nullable LabelTableUpload labelTable() {
    return labelTable;
  }

  /** How its files were understood; null while that was not told. */
  public @Nullable Layout layout() {
    return layout;
  }

  public Progress progress() {
    return progress;
  }

  /** How many pictures with labels it has, once READY. */
  public @Nullable Integer pictures() {
    return pictures;
  }

  /** The ordered labels, once READY; a label's position is its logit. */
  public @Nullable List<LabelCount> labels() {
    return labels;
  }

  /** Of the training pictures, once READY. */
  public @Nullable ChannelStatistics statistics() {
    return statistics;
  }

  /** Half of the pictures are at most this on their shorter side; null if that was not measured. */
  public @Nullable Integer medianSide() {
    return medianSide;
  }

  /** The pack in the store, once READY, or while its pictures are not understood. */
  public @Nullable Blob archive() {
    return archive;
  }

  /** What counts instead of the pack's own index; null where that does. */
  public @Nullable Blob packIndex() {
    return packIndex;
  }

  /** What it has in the store. */
  public List<Blob> files() {
    Blob table = labelTable == null ? null : labelTable.blob();
    return Stream.of(upload, table, archive, packIndex).filter(Objects::nonNull).toList();
  }

  public @Nullable String failureMessage() {
    return failureMessage;
  }

  public @Nullable String failureFix() {
    return failureFix;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
