package dev.onecycle.dataset;

import static java.util.Objects.requireNonNullElseGet;

import dev.onecycle.dataset.pixels.LabelEdit;
import dev.onecycle.dataset.pixels.Relabelling;
import dev.onecycle.dataset.pixels.Relabelling.Decision;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Versions of datasets: the same pictures with labels that people put right. A version is a dataset
 * like any other and never changes; what it is made of stays as it was.
 */
@Component
public class DatasetVersions {

  private static final int AT_ONCE = 1_000;

  private final Datasets datasets;
  private final DatasetAudits audits;
  private final BlobStore store;
  private final JdbcTemplate jdbc;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  DatasetVersions(
      Datasets datasets,
      DatasetAudits audits,
      BlobStore store,
      JdbcTemplate jdbc,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.datasets = datasets;
    this.audits = audits;
    this.store = store;
    this.jdbc = jdbc;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** A version that is not kept yet. */
  public static final class Draft {
    private final Dataset base;
    private final Relabelling relabelling;
    private final String reason;

    private Draft(Dataset base, Relabelling relabelling, String reason) {
      this.base = base;
      this.relabelling = relabelling;
      this.reason = reason;
    }
  }

  /** A label that a person has looked at. */
  public record Verdict(int picture, String label) {}

  /**
   * Makes a version of a dataset; nothing is kept yet.
   *
   * @param reason why, one line
   * @throws Failure.NotFound if there is no such dataset
   * @throws Failure.Conflict unless it is READY
   * @throws Failure.Invalid as {@link Relabelling#of} does
   */
  public Draft draft(UUID id, List<LabelEdit> edits, String reason) {
    Dataset base = datasets.required(id);
    Blob archive = base.requireReady().archive();
    Blob index = base.packIndex();
    Layout layout =
        requireNonNullElseGet(base.layout(), () -> Layout.nothing(LabelRule.byDefault()));
    try {
      Relabelling made =
          Relabelling.of(
              store.file(archive),
              index == null ? null : store.file(index),
              base.split(),
              audits.findById(id).orElseThrow().document(),
              layout,
              edits);
      return new Draft(base, made, reason);
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "the pictures of dataset %s cannot be read: %s".formatted(id, Reason.of(e)),
          "Import them again.",
          e);
    }
  }

  /**
   * Keeps a version, whose id it answers, in the caller's transaction.
   *
   * @throws Failure.NotFound if what it was made of is gone
   * @throws Failure.Conflict if that was read in another way meanwhile
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public UUID keep(Draft draft) {
    List<Dataset> versions = datasets.lockVersions(draft.base.first());
    Dataset base =
        versions.stream()
            .filter(version -> version.id().equals(draft.base.id()))
            .findFirst()
            .orElseThrow(() -> new Failure.NotFound("there is no dataset " + draft.base.id()));
    if (!Objects.equals(base.packIndex(), draft.base.packIndex())) {
      throw new Failure.Conflict(
          "dataset " + base.id() + " was read in another way meanwhile",
          "Look at its labels again, then repeat the request.");
    }
    int last = versions.stream().mapToInt(version -> version.version().number()).max().orElse(0);
    DatasetVersion version = new DatasetVersion(base.first(), last + 1, base.id(), draft.reason);
    Dataset made =
        datasets.save(
            new Dataset(
                base, version, draft.relabelling.pack().summary(), index(draft), clock.instant()));
    audits.save(new DatasetAudit(made.id(), draft.relabelling.pack().summary().audit()));
    datasets.flush();
    write(made.id(), draft.relabelling.decisions());
    return made.id();
  }

  private Blob index(Draft draft) {
    String key = DatasetFiles.index(draft.base.first());
    publisher.publishEvent(new DatasetFiles.Written(key));
    return store.put(key, draft.relabelling.pack().index());
  }

  private void write(UUID version, List<Decision> decisions) {
    jdbc.batchUpdate(
        "insert into label_edit (dataset_id, picture, action, label_before, label_after)"
            + " values (?, ?, ?, ?, ?)",
        decisions,
        AT_ONCE,
        (statement, decision) -> {
          statement.setObject(1, version);
          statement.setInt(2, decision.picture());
          statement.setString(3, decision.action().name());
          statement.setString(4, decision.before());
          statement.setString(5, decision.after());
        });
  }

  /** The labels that people gave, or found right, in any version of a dataset's pictures. */
  public Set<Verdict> verdicts(UUID id) {
    UUID first = datasets.required(id).first();
    return new HashSet<>(
        jdbc.query(
            "select distinct e.picture, e.label_after from label_edit e"
                + " join dataset d on d.id = e.dataset_id"
                + " where e.label_after is not null and (d.id = ? or d.first_id = ?)",
            (row, number) -> new Verdict(row.getInt(1), row.getString(2)),
            first,
            first));
  }

  /**
   * Refuses to change a dataset whose labels people put right, or of which there are versions.
   *
   * @param versions all of its pictures
   * @throws Failure.Conflict likewise
   */
  static void requireNone(Dataset dataset, List<Dataset> versions) {
    if (dataset.version().number() > 1 || versions.size() > 1) {
      throw new Failure.Conflict(
          "there are versions of dataset " + dataset.id() + " whose labels were put right",
          "Import the pictures as a new dataset, or delete the versions first.",
          versions.stream()
              .filter(version -> version.version().number() > 1)
              .limit(10)
              .map(version -> "/api/v1/datasets/" + version.id())
              .toList());
    }
  }

  /**
   * The files of a dataset that no other version has.
   *
   * @param others the other versions
   */
  static List<Blob> own(Dataset dataset, List<Dataset> others) {
    Set<String> shared = new HashSet<>();
    others.forEach(other -> other.files().forEach(file -> shared.add(file.key())));
    return dataset.files().stream().filter(file -> !shared.contains(file.key())).toList();
  }
}
