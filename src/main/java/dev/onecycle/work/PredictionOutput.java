package dev.onecycle.work;

import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.output.OutputPart;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The place where batch predictions are written, part by part. */
@Component
class PredictionOutput {

  private final RunOutputs outputs;
  private final BlobStore store;
  private final DiskSpace space;
  private final WorkerProperties worker;
  private final TemporaryFiles temporary;
  private final StoredJson json;

  PredictionOutput(
      RunOutputs outputs,
      BlobStore store,
      DiskSpace space,
      WorkerProperties worker,
      TemporaryFiles temporary,
      StoredJson json) {
    this.outputs = outputs;
    this.store = store;
    this.space = space;
    this.worker = worker;
    this.temporary = temporary;
    this.json = json;
  }

  /** Returns the parts of a run's output that are complete, in order. */
  List<OutputPart> complete(UUID run) {
    return outputs.parts(run);
  }

  /** Opens the part of that number; the caller closes it and those that follow it. */
  PredictionParts open(RunContext context, int number) throws IOException {
    TemporaryFile file = temporary.file(".ndjson");
    return new PredictionParts(context, store, space, json, file, number, worker.resumeEvery());
  }
}
