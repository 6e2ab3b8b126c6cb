package dev.onecycle.dataset;

import dev.onecycle.dataset.layout.LabelRule;
import dev.onecycle.dataset.layout.Layout;
import dev.onecycle.dataset.pixels.ChannelStatistics;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
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

/** Labelled pictures under a name, from the request to import them on. */
@Entity
@DynamicUpdate
public class Dataset {

  /** IMPORTING ends in READY or FAILED; neither changes again. */
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
  private Blob upload;

  @JdbcTypeCode(SqlTypes.JSON)
  private SplitSpec split;

  @JdbcTypeCode(SqlTypes.JSON)
  private LabelRule labelRule;

  private String nameEncoding;

  @JdbcTypeCode(SqlTypes.JSON)
  private LabelTableUpload labelTable;

  @JdbcTypeCode(SqlTypes.JSON)
  private Layout layout;

  @JdbcTypeCode(SqlTypes.JSON)
  private Progress progress;

  private Integer pictures;

  @JdbcTypeCode(SqlTypes.JSON)
  private List<LabelCount> labels;

  @JdbcTypeCode(SqlTypes.JSON)
  private ChannelStatistics statistics;

  private Integer medianSide;

  @JdbcTypeCode(SqlTypes.JSON)
  private Blob archive;

  @JdbcTypeCode(SqlTypes.JSON)
  private Blob packIndex;

  private String failureMessage;
  private String failureFix;
  private Instant createdAt;
  private Instant updatedAt;

  /** For JPA. */
  protected Dataset() {}

  /** A dataset that waits for its import. */
  Dataset(
      String name,
      Source source,
      Blob upload,
      LabelTableUpload table,
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

  /** Understands its pictures in another way; {@code index} says what each of them is now. */
  void reread(PackSummary summary, LabelRule rule, Blob index, Instant now) {
    requireReady();
    labelRule = rule;
    packIndex = index;
    understood(summary, now);
  }

  void fail(String message, String fix, Instant now) {
    requireImporting();
    state = State.FAILED;
    failureMessage = cut(message, 2_000);
    failureFix = cut(fix, 1_000);
    upload = null;
    labelTable = null;
    updatedAt = now;
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

  private static String cut(String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }

  /**
   * Throws {@link Failure.Conflict} naming the state unless the dataset can be used, and {@link
   * Failure.Unavailable} unless it is {@link #readable}.
   */
  public void requireReady() {
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
  }

  /** Whether its row says all that it has to in its state. */
  public boolean readable() {
    boolean asked = source != null && split != null && progress != null;
    return asked && (state != State.READY || labels != null);
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

  public State state() {
    return state;
  }

  public Source source() {
    return source;
  }

  /** The uploaded archive in the store, while its import has not ended; null without one. */
  public Blob upload() {
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

  /** The table that was sent beside the archive, while its import has not ended; null without. */
  public LabelTableUpload labelTable() {
    return labelTable;
  }

  /** How its files were understood, once READY; null if that was not told yet. */
  public Layout layout() {
    return layout;
  }

  public Progress progress() {
    return progress;
  }

  /** How many pictures with labels it has, once READY. */
  public Integer pictures() {
    return pictures;
  }

  /** The ordered labels, once READY; a label's position is its logit. */
  public List<LabelCount> labels() {
    return labels;
  }

  /** Of the training pictures, once READY. */
  public ChannelStatistics statistics() {
    return statistics;
  }

  /** Half of the pictures are at most this on their shorter side; null if that was not measured. */
  public Integer medianSide() {
    return medianSide;
  }

  /** The pack in the store, once READY. */
  public Blob archive() {
    return archive;
  }

  /** What counts instead of the pack's own index; null where that does. */
  public Blob packIndex() {
    return packIndex;
  }

  /** What it has in the store. */
  public List<Blob> files() {
    Blob table = labelTable == null ? null : labelTable.blob();
    return Stream.of(upload, table, archive, packIndex).filter(Objects::nonNull).toList();
  }

  public String failureMessage() {
    return failureMessage;
  }

  public String failureFix() {
    return failureFix;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
