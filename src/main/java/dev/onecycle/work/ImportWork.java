package dev.onecycle.work;

import static java.util.Objects.requireNonNullElse;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetFiles;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.ImportRecorder;
import dev.onecycle.dataset.LabelTableUpload;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.dataset.pixels.Packed;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.run.Planned;
import dev.onecycle.run.Pool;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunChanged;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.Runs;
import dev.onecycle.run.Superseded;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The kind of run that imports a dataset: packs the pictures of its source and makes it READY.
 * Stopped or killed, it begins anew. However its run ends, the dataset's import ends with it.
 */
@Component
class ImportWork implements RunWork<Source> {

  static final String KIND = "import";

  private final Datasets datasets;
  private final SourcePacker packer;
  private final ImportRecorder recorder;
  private final BlobStore store;
  private final Runs runs;
  private final TemporaryFiles temporary;

  ImportWork(
      Datasets datasets,
      SourcePacker packer,
      ImportRecorder recorder,
      BlobStore store,
      Runs runs,
      TemporaryFiles temporary) {
    this.datasets = datasets;
    this.packer = packer;
    this.recorder = recorder;
    this.store = store;
    this.runs = runs;
    this.temporary = temporary;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Class<Source> asked() {
    return Source.class;
  }

  @Override
  public Pool pool() {
    return Pool.IMPORTS;
  }

  @Override
  public Planned plan(RunSpec spec, Source asked) {
    Dataset dataset = datasets.required(spec.requiredDataset());
    if (!dataset.importing() || !runs.of(KIND, dataset.id()).isEmpty()) {
      throw new Failure.Conflict(
          "dataset " + dataset.id() + " has had its import", "Import the source as a new dataset.");
    }
    return new Planned(List.of(), null);
  }

  @Override
  public Ending execute(RunContext context, Source source) throws Exception {
    Dataset dataset = datasets.required(context.spec().requiredDataset());
    if (!dataset.importing()) {
      return Ending.COMPLETED; // an earlier attempt was lost after its last write but one
    }
    if (!dataset.readable()) {
      throw new Failure.Unavailable(
          "the row of dataset " + dataset.id() + " cannot be read", dataset.fix(), null);
    }
    Path pack = temporary.directory().resolve("import-" + context.run() + "-" + context.attempt());
    try {
      clear(context.run());
      Packed packed = pack(context, source, dataset, pack);
      keep(context, dataset.id(), packed, pack);
      packed.summary();
      return Ending.COMPLETED;
    } catch (CancellationException e) {
      return Ending.STOPPED;
    } catch (IOException e) {
      throw DiskSpace.failure("the import", e);
    } catch (OutOfMemoryError e) {
      throw new WorkFailed(
          RunFailure.Kind.OUT_OF_MEMORY,
          "out of memory: " + e.getMessage(),
          "Give the process that imports more memory, then import again.",
          e);
    } finally {
      clear(context.run());
    }
  }

  private Packed pack(RunContext context, Source source, Dataset dataset, Path pack)
      throws IOException {
    try (ImportReport report = new ImportReport(context, recorder, source)) {
      Packed packed = packer.pack(source, sent(dataset), dataset.spec(), pack, report);
      report.complete();
      return packed;
    }
  }

  private SourcePacker.Sent sent(Dataset dataset) {
    if (dataset.source().type() != Source.Type.UPLOAD) {
      return SourcePacker.Sent.nothing();
    }
    Failure gone = new Failure.Invalid("the uploaded archive is gone", "Upload it again.");
    if (dataset.upload() == null) {
      throw gone;
    }
    try {
      LabelTableUpload table = dataset.labelTable();
      return new SourcePacker.Sent(
          store.file(dataset.upload()),
          table == null
              ? null
              : new SourcePacker.Table(store.file(table.blob()), PicturePath.of(table.name())));
    } catch (Failure.NotFound e) {
      throw gone;
    }
  }

  /** INVARIANT: the row comes last, when the pack is safe. */
  private void keep(RunContext context, UUID dataset, Packed packed, Path pack) {
    Blob archive = store.put(DatasetFiles.pack(dataset, context.attempt()), pack);
    try {
      context.whileHeld(() -> recorder.packed(dataset, packed, archive));
    } catch (Superseded e) {
      store.delete(archive.key());
      throw e;
    }
  }

  /** Removes what this and earlier attempts left half done on this machine. */
  private void clear(UUID run) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(temporary.directory(), "import-" + run + "-*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Part of the transaction in which a run ends. */
  @EventListener(condition = "#change.state().ended()")
  void ended(RunChanged change) {
    runs.findById(change.run())
        .filter(run -> run.spec().kind().equals(KIND) && run.state() != RunState.SUCCEEDED)
        .ifPresent(this::fail);
  }

  private void fail(Run run) {
    RunFailure why = run.failure();
    recorder.fail(
        run.spec().requiredDataset(),
        why == null
            ? "its import was cancelled"
            : requireNonNullElse(why.message(), "the import failed"),
        why == null ? "Import it again." : why.fix());
  }
}
