package dev.onecycle.work.web;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.RunWorks;
import dev.onecycle.run.Runs;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.store.BlobStore;
import dev.onecycle.work.BatchPrediction;
import dev.onecycle.work.BatchPredictionWork;
import dev.onecycle.work.StoredPredictions;
import java.util.UUID;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What batch predictions have said so far. */
@RestController
@RequestMapping("/api/v1/runs/{id}/predictions")
class StoredPredictionController {

  private static final String CSV = "text/csv";

  /** Says whether these are all. */
  private static final String COMPLETE = "Onecycle-Complete";

  private final Runs runs;
  private final RunOutputs outputs;
  private final CheckpointStore checkpoints;
  private final BlobStore store;
  private final RunWorks works;
  private final StoredJson json;

  StoredPredictionController(
      Runs runs,
      RunOutputs outputs,
      CheckpointStore checkpoints,
      BlobStore store,
      RunWorks works,
      StoredJson json) {
    this.runs = runs;
    this.outputs = outputs;
    this.checkpoints = checkpoints;
    this.store = store;
    this.works = works;
    this.json = json;
  }

  /**
   * One JSON object a line and picture, in the order of their paths: its predictions, or the
   * problem for which it has none. While the run works, those of the parts that are complete; the
   * header Onecycle-Complete says whether these are all.
   */
  @Answers({200, 304, 409})
  @GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
  ResponseEntity<Resource> lines(@PathVariable UUID id) {
    Run run = run(id);
    StoredPredictions stored = stored(run);
    return answer(run, stored.tag())
        .contentType(MediaType.APPLICATION_NDJSON)
        .contentLength(stored.bytes())
        .body(stream(() -> stored.lines(store)));
  }

  /**
   * The same as a table: path, actual, label1, probability1 and so on for each of the labels that
   * were asked for, agreement, problem. A cell that a spreadsheet would take for a formula has an
   * apostrophe before it.
   */
  @Answers({200, 304, 409})
  @GetMapping(produces = CSV)
  ResponseEntity<Resource> table(@PathVariable UUID id) {
    Run run = run(id);
    StoredPredictions stored = stored(run);
    PredictionTable table = table(run);
    return answer(run, stored.tag() + "-csv")
        .contentType(MediaType.parseMediaType(CSV + ";charset=UTF-8"))
        .body(stream(() -> new TableStream(stored.lines(store), table, json)));
  }

  private Run run(UUID id) {
    Run run = runs.required(id);
    if (!run.spec().kind().equals(BatchPredictionWork.KIND)) {
      throw new Failure.NotFound(
          "run %s is of kind %s: only runs of kind %s have predictions"
              .formatted(id, run.spec().kind(), BatchPredictionWork.KIND));
    }
    return run;
  }

  private StoredPredictions stored(Run run) {
    StoredPredictions stored = new StoredPredictions(outputs.parts(run.id()));
    if (stored.parts().isEmpty()) {
      throw new Failure.Conflict(
          "run %s is %s and has no predictions".formatted(run.id(), run.state()),
          run.state().ended()
              ? "Submit it again: POST /api/v1/runs/" + run.id() + "/clone."
              : "Wait for its first part: GET /api/v1/runs/" + run.id() + "/events.");
    }
    return stored;
  }

  /** The state was read before the parts: a run that had succeeded then has all of them. */
  private static ResponseEntity.BodyBuilder answer(Run run, String tag) {
    boolean complete = run.state() == RunState.SUCCEEDED;
    return ResponseEntity.ok().eTag('"' + tag + '"').header(COMPLETE, Boolean.toString(complete));
  }

  private PredictionTable table(Run run) {
    BatchPrediction asked = works.asked(run, BatchPrediction.class);
    int labels = checkpoints.get(run.spec().requiredFrom()).manifest().labels().size();
    return new PredictionTable(Math.min(asked.topK(), labels), asked.combine());
  }

  private static Resource stream(InputStreamSource bytes) {
    return new InputStreamResource(bytes);
  }
}
