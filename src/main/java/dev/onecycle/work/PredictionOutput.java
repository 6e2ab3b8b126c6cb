package dev.onecycle.work;

import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.run.OutputPart;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunOutputs;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The place where batch predictions are written, part by part. */
@Component
class PredictionOutput {

  private final RunOutputs outputs;
  private final BlobStore store;
  private final DiskSpace space;
  private final WorkerProperties worker;
  private final Path temporary;
  private final Ids ids;
  private final JsonMapper mapper;

  PredictionOutput(
      RunOutputs outputs,
      BlobStore store,
      DiskSpace space,
      WorkerProperties worker,
      OnecycleProperties onecycle,
      Ids ids,
      JsonMapper mapper) {
    this.outputs = outputs;
    this.store = store;
    this.space = space;
    this.worker = worker;
    this.temporary = onecycle.home().resolve("tmp");
    this.ids = ids;
    this.mapper = mapper;
  }

  /** The parts of a run's output that are complete, in order. */
  List<OutputPart> complete(UUID run) {
    return outputs.of(run);
  }

  /** Opens the part of that number; the caller closes it and those that follow it. */
  PredictionParts open(RunContext context, int number) {
    Path file = temporary.resolve(ids.next() + ".ndjson");
    return new PredictionParts(context, store, space, mapper, file, number, worker.resumeEvery());
  }
}
