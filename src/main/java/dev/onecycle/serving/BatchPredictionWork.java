package dev.onecycle.serving;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.run.OutputPart;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunOutputs;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.WorkerProperties;
import dev.onecycle.run.Workload;
import dev.onecycle.serving.AnswerBatches.Answer;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * The kind of run that predicts the pictures of a dataset or a directory. It goes on after the last
 * part of its output that is complete: batches are the same then, and so is every line.
 */
@Component
class BatchPredictionWork implements RunWork {

  private final PictureSources sources;
  private final AnswerBench bench;
  private final RunOutputs outputs;
  private final BlobStore store;
  private final DiskSpace space;
  private final WorkerProperties worker;
  private final Path temporary;
  private final Ids ids;
  private final StoredJson json;

  BatchPredictionWork(
      PictureSources sources,
      AnswerBench bench,
      RunOutputs outputs,
      BlobStore store,
      DiskSpace space,
      WorkerProperties worker,
      OnecycleProperties onecycle,
      Ids ids,
      StoredJson json) {
    this.sources = sources;
    this.bench = bench;
    this.outputs = outputs;
    this.store = store;
    this.space = space;
    this.worker = worker;
    this.temporary = onecycle.home().resolve("tmp");
    this.ids = ids;
    this.json = json;
  }

  @Override
  public String kind() {
    return RunSpec.BATCH_PREDICT;
  }

  @Override
  public List<String> check(RunSpec spec) {
    sources.check(spec.dataset(), asked(spec.recipe()));
    return List.of();
  }

  @Override
  public Workload workload(RunSpec spec) {
    BatchPrediction asked = asked(spec.recipe());
    int pictures = sources.check(spec.dataset(), asked);
    return pictures < 0 ? null : bench.workload(spec.from(), pictures, asked.tta());
  }

  private BatchPrediction asked(String options) {
    return json.read(options, BatchPrediction.class);
  }

  @Override
  public Ending execute(RunContext context) throws Exception {
    BatchPrediction asked = asked(context.recipe());
    List<OutputPart> complete = outputs.of(context.run());
    try (PictureSource pictures = sources.open(context.dataset(), asked);
        PredictionParts parts = parts(context, complete.size())) {
      int from = complete.isEmpty() ? 0 : pictures.upTo(complete.get(complete.size() - 1).last());
      LoadedCheckpoint checkpoint = bench.checkpoint(context);
      List<String> labels = checkpoint.manifest().labels();
      PredictionOptions options = asked.options(context.seed());
      Ending ending =
          bench.use(
              context,
              checkpoint,
              pictures,
              from,
              asked.tta(),
              answers ->
                  predict(
                      context,
                      answers,
                      answer -> parts.add(predicted(pictures, answer, labels, options)),
                      parts));
      if (ending == Ending.COMPLETED) {
        context.log(summary(outputs.of(context.run())));
      }
      return ending;
    }
  }

  private PredictionParts parts(RunContext context, int number) {
    Path file = temporary.resolve(ids.next() + ".ndjson");
    return new PredictionParts(context, store, space, json, file, number, worker.resumeEvery());
  }

  private Ending predict(
      RunContext context, AnswerBatches answers, Consumer<Answer> each, PredictionParts parts) {
    long before = context.resumePoint() == null ? 0 : context.resumePoint().step();
    StepProgress progress = new StepProgress(context, before, answers.steps());
    while (answers.hasNext()) {
      if (context.stopRequested()) {
        parts.keep(progress.step());
        return Ending.STOPPED;
      }
      List<Answer> batch = answers.next();
      batch.forEach(each);
      progress.done(batch.size());
      if (parts.due()) {
        parts.keep(progress.step());
      }
    }
    parts.keep(progress.step());
    return Ending.COMPLETED;
  }

  private static PredictedPicture predicted(
      PictureSource pictures, Answer answer, List<String> labels, PredictionOptions options) {
    String path = pictures.path(answer.picture());
    String actual = pictures.label(answer.picture());
    if (answer.problem() != null) {
      return new PredictedPicture(path, actual, null, null, Problem.of(answer.problem()));
    }
    Combined combined = Combined.of(answer.logits(), labels.size(), options, options.views());
    Agreement agreement =
        new Agreement(answer.logits().length / labels.size(), combined.agreement());
    return new PredictedPicture(path, actual, combined.ranked(labels, options), agreement, null);
  }

  private static String summary(List<OutputPart> parts) {
    long pictures = parts.stream().mapToLong(OutputPart::items).sum();
    long problems = parts.stream().mapToLong(OutputPart::problems).sum();
    return String.format(
        Locale.ROOT, "%,d pictures, of which %,d could not be predicted", pictures, problems);
  }
}
