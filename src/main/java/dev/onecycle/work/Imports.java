package dev.onecycle.work;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.DatasetRereading;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.LabelTableUpload;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.platform.Failure;
import dev.onecycle.run.RunDeletion;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.Runs;
import dev.onecycle.store.Blob;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people ask of datasets: to import them, and to delete them. A dataset, its import's run and
 * that run's place in the queue are one commit.
 */
@Service
public class Imports {

  private final DatasetIntake intake;
  private final RunQueue queue;
  private final RunDeletion deletion;
  private final Runs runs;
  private final DatasetRereading rereading;

  Imports(
      DatasetIntake intake,
      RunQueue queue,
      RunDeletion deletion,
      Runs runs,
      DatasetRereading rereading) {
    this.rereading = rereading;
    this.intake = intake;
    this.queue = queue;
    this.deletion = deletion;
    this.runs = runs;
  }

  /**
   * Queues the import of a new dataset, whose id it answers; throws as {@link DatasetIntake#accept}
   * does.
   */
  @Transactional
  public UUID submit(@Nullable String name, Source source, ImportSpec spec) {
    return queue(intake.accept(name, source, spec));
  }

  /** As {@link #submit}, for an archive that is in the store; see {@link DatasetIntake}. */
  @Transactional
  public UUID submitUpload(
      @Nullable String name,
      @Nullable String sentAs,
      Blob upload,
      @Nullable LabelTableUpload table,
      ImportSpec spec) {
    return queue(intake.acceptUpload(name, sentAs, upload, table, spec));
  }

  /**
   * Understands an imported dataset by other rules.
   *
   * @param labels null: as before
   * @param split null: as before
   * @param table sent for that, or null
   * @throws Failure.Conflict while a run that has not ended uses it, or unless it is READY
   */
  public void reread(
      UUID dataset,
      @Nullable LabelRule labels,
      @Nullable SplitSpec split,
      SourcePacker.@Nullable Table table) {
    rereading.reread(dataset, labels, split, table, () -> requireUnused(dataset));
  }

  /** Its import may be about to end when it is READY already. */
  private void requireUnused(UUID dataset) {
    List<String> links =
        runs.unendedBut(ImportWork.KIND, dataset).stream()
            .limit(10)
            .map(run -> "/api/v1/runs/" + run)
            .toList();
    if (!links.isEmpty()) {
      throw new Failure.Conflict(
          "runs that have not ended use dataset " + dataset,
          "Wait for them, or cancel them; or import the pictures as a new dataset.",
          links);
    }
  }

  private UUID queue(Dataset dataset) {
    RunSpec spec = new RunSpec(ImportWork.KIND, dataset.id(), 0, dataset.name(), 0);
    queue.submit(spec, dataset.source(), Set.of());
    return dataset.id();
  }

  /**
   * Forgets a dataset, its pictures and its import's run; an import under way stops. Throws
   * DataIntegrityViolationException while another run refers to it.
   *
   * @throws Failure.NotFound if there is no such dataset
   */
  @Transactional
  public void delete(UUID dataset) {
    runs.of(ImportWork.KIND, dataset).forEach(deletion::discard);
    intake.delete(dataset);
  }
}
