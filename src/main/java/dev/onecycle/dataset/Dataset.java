package dev.onecycle.dataset;

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
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;

/** Labelled pictures under a name, from the request to import them on. */
@Entity
public class Dataset {

  /** IMPORTING ends in READY or FAILED; neither changes again. */
  public enum State {
    IMPORTING,
    READY,
    FAILED
  }

  /** A crash that an import causes again and again must not go on for ever. */
  static final int MAX_ATTEMPTS = 10;

  @Id
  @GeneratedValue
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private UUID id;

  private String name;

  @Enumerated(EnumType.STRING)
  private State state;

  @JdbcTypeCode(SqlTypes.JSON)
  private Source source;

  private String uploadFile;

  @JdbcTypeCode(SqlTypes.JSON)
  private SplitSpec split;

  private int attempt;
  private Instant heartbeatAt;

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

  private String failureMessage;
  private String failureFix;
  private Instant createdAt;
  private Instant updatedAt;

  /** For JPA. */
  protected Dataset() {}

  /** A dataset that waits for its import. */
  Dataset(String name, Source source, String uploadFile, SplitSpec split, Instant now) {
    this.name = name;
    this.source = source;
    this.uploadFile = uploadFile;
    this.split = split;
    this.state = State.IMPORTING;
    this.progress = Progress.none();
    this.createdAt = now;
    this.updatedAt = now;
  }

  void rename(String other) {
    name = other;
  }

  /** Takes the import over, unless somebody whose heart beat after {@code dead} is at it. */
  boolean claim(Instant now, Instant dead) {
    if (state != State.IMPORTING || (heartbeatAt != null && heartbeatAt.isAfter(dead))) {
      return false;
    }
    attempt++;
    heartbeatAt = now;
    return true;
  }

  /** Gives the import back, so that anybody may begin it again at once. */
  void release() {
    requireImporting();
    heartbeatAt = null;
  }

  void advance(Progress reached, Instant now) {
    requireImporting();
    progress = reached;
    heartbeatAt = now;
    updatedAt = now;
  }

  void ready(PackSummary summary, Blob stored, Instant now) {
    requireImporting();
    state = State.READY;
    split = summary.split();
    pictures = summary.pictures();
    labels = summary.labels();
    statistics = summary.statistics();
    medianSide = summary.medianSide();
    archive = stored;
    uploadFile = null;
    updatedAt = now;
  }

  void fail(String message, String fix, Instant now) {
    requireImporting();
    state = State.FAILED;
    failureMessage = cut(message, 2_000);
    failureFix = cut(fix, 1_000);
    uploadFile = null;
    updatedAt = now;
  }

  private void requireImporting() {
    if (state != State.IMPORTING) {
      throw new IllegalStateException("dataset " + id + " is " + state + ". This is a bug.");
    }
  }

  private static String cut(String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }

  /** Throws {@link Failure.Conflict} naming the state unless the dataset can be used. */
  public void requireReady() {
    if (state != State.READY) {
      throw new Failure.Conflict(
          "dataset " + id + " is " + state,
          state == State.IMPORTING
              ? "Wait until its import has ended."
              : "Import it again; its failure says why.");
    }
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

  /** The file below {@code onecycle.home/uploads} that still waits to be imported, or null. */
  String uploadFile() {
    return uploadFile;
  }

  /** As asked for; once READY its strategy is decided. */
  public SplitSpec split() {
    return split;
  }

  int attempt() {
    return attempt;
  }

  public Progress progress() {
    return progress;
  }

  /** How many pictures it has, once READY. */
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
