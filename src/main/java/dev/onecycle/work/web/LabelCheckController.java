package dev.onecycle.work.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.Page;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.output.LabelDoubt;
import dev.onecycle.run.output.LabelDoubts;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.work.LabelCheckWork;
import dev.onecycle.work.StartingPoints;
import dev.onecycle.work.labels.LabelCheck;
import dev.onecycle.work.labels.LabelCheckOptions;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Checks of labels: runs of the kind {@code label-check}, and what they doubt. */
@RestController
@RequestMapping("/api/v1")
class LabelCheckController {

  private static final List<String> REASONS = List.of("duplicate", "confident", "unsure", "none");

  private final RunQueue queue;
  private final Runs runs;
  private final RunOutputs outputs;
  private final LabelDoubts doubts;
  private final StartingPoints startingPoints;
  private final Idempotency idempotency;

  LabelCheckController(
      RunQueue queue,
      Runs runs,
      RunOutputs outputs,
      LabelDoubts doubts,
      StartingPoints startingPoints,
      Idempotency idempotency) {
    this.queue = queue;
    this.runs = runs;
    this.outputs = outputs;
    this.doubts = doubts;
    this.startingPoints = startingPoints;
    this.idempotency = idempotency;
  }

  /** What makes two requests the same. */
  private record Asked(UUID dataset, LabelCheckRequest request) {}

  /**
   * Queues a run that looks for labels that are wrong: it trains a network for each fold of the
   * pictures without that fold and asks it about the fold. Watch, pause, cancel and delete it as
   * every other run.
   */
  @Answers({202, 409})
  @PostMapping("/datasets/{id}/label-checks")
  ResponseEntity<SubmittedRun> submit(
      @PathVariable UUID id,
      @RequestBody LabelCheckRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    LabelCheckOptions asked = request.asked(startingPoints);
    UUID run =
        idempotency.once(
            key,
            "label-checks",
            new Asked(id, request),
            () -> queue.submit(request.spec(id, asked.recipe()), asked, Set.of()).id());
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/runs/" + run))
        .body(SubmittedRun.of(runs.required(run)));
  }

  /**
   * What a check found, but for the single pictures.
   *
   * @param dataset whose labels were checked, as they were then
   */
  record LabelCheckView(
      UUID run,
      UUID dataset,
      int folds,
      int pictures,
      double agreement,
      double wrong,
      int duplicates,
      int confirmed,
      List<LabelCheck.Estimate> labels) {}

  /** How many labels are probably wrong, of each label and together. */
  @Answers(409)
  @GetMapping("/runs/{id}/label-check")
  LabelCheckView get(@PathVariable UUID id) {
    Run run = checked(id);
    LabelCheck found = found(id);
    return new LabelCheckView(
        id,
        run.spec().requiredDataset(),
        found.folds(),
        found.pictures(),
        found.agreement(),
        found.wrong(),
        found.duplicates(),
        found.confirmed(),
        found.labels());
  }

  /**
   * A picture whose label is doubted.
   *
   * @param place among all of the check, from 0
   * @param picture its number in the dataset
   * @param image where it can be seen
   * @param label the one that it has
   * @param likely the one that is more likely
   * @param labelProbability what the network gives the label that it has, 0 to 1
   * @param likelyProbability what it gives the likely one
   * @param reason duplicate: the same picture stands under another label; confident: a network is
   *     confident of another label; unsure: it would give another; none: it would give this one
   */
  record DoubtedPicture(
      int place,
      int picture,
      String image,
      String label,
      String likely,
      double labelProbability,
      double likelyProbability,
      String reason) {}

  /**
   * Pictures whose labels deserve a look, those first that do most: at most the first 100,000.
   *
   * @param label only those that have this label
   * @param likely only those of which this one is more likely
   * @param reason only those of this reason
   * @param cursor the place of the first one to look at
   */
  @Answers(409)
  @GetMapping("/runs/{id}/label-check/pictures")
  Page<DoubtedPicture> list(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String label,
      @RequestParam(required = false) @Nullable String likely,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit,
      @RequestParam(defaultValue = "0") @Min(0) int cursor) {
    UUID dataset = checked(id).spec().requiredDataset();
    List<String> labels = found(id).labels().stream().map(LabelCheck.Estimate::label).toList();
    List<LabelDoubts.Placed> part =
        doubts.of(
            id,
            position("label", label, labels),
            position("likely", likely, labels),
            known(reason),
            cursor,
            limit + 1);
    return new Page<>(
        part.stream().limit(limit).map(placed -> view(placed, dataset, labels)).toList(),
        part.size() > limit ? Integer.toString(part.get(limit).place()) : null);
  }

  private static DoubtedPicture view(LabelDoubts.Placed placed, UUID dataset, List<String> labels) {
    LabelDoubt doubt = placed.doubt();
    return new DoubtedPicture(
        placed.place(),
        doubt.picture(),
        EvaluationView.image(dataset, doubt.picture()),
        labels.get(doubt.given()),
        labels.get(doubt.likely()),
        doubt.givenProbability(),
        doubt.likelyProbability(),
        doubt.reason());
  }

  private static @Nullable String known(@Nullable String reason) {
    position("reason", reason, REASONS);
    return reason;
  }

  private static @Nullable Integer position(
      String field, @Nullable String word, List<String> known) {
    if (word == null) {
      return null;
    }
    int position = known.indexOf(word);
    if (position < 0) {
      String message = Nearest.unknown(field, word, known);
      throw Failure.Invalid.field(field, message, word, null);
    }
    return position;
  }

  private Run checked(UUID id) {
    Run run = runs.required(id);
    if (!run.spec().kind().equals(LabelCheckWork.KIND)) {
      throw new Failure.NotFound(
          "run %s is of kind %s: only runs of kind %s doubt labels"
              .formatted(id, run.spec().kind(), LabelCheckWork.KIND));
    }
    if (run.state() != RunState.SUCCEEDED) {
      throw new Failure.Conflict(
          "run %s is %s: only runs that SUCCEEDED tell doubts".formatted(id, run.state()),
          run.state().ended()
              ? "Submit the check again."
              : "Wait until it ends: GET /api/v1/runs/" + id + "/events.");
    }
    return run;
  }

  private LabelCheck found(UUID run) {
    return outputs.result(run, LabelCheck.class).orElseThrow();
  }
}
