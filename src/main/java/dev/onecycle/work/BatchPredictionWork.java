package dev.onecycle.work;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.run.OutputPart;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunOutputs;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.serving.Combined;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.work.AnswerBatches.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The kind of run that predicts the pictures of a dataset or a directory. It goes on after the last
 * part of its output that is complete: batches are the same then, and so is every line.
 */
@Component
public class BatchPredictionWork implements RunWork<BatchPrediction> {

  /** The kind's name. */
  public static final String KIND = "batch-predict";

  private final PictureSources sources;
  private final AnswerBench bench;
  private final RunOutputs outputs;
  private final BlobStore store;
  private final DiskSpace space;
  private final WorkerProperties worker;
  private final Path temporary;
  private final Ids ids;
  private final JsonMapper mapper;

  BatchPredictionWork(
      PictureSources sources,
      AnswerBench bench,
      RunOutputs outputs,
      BlobStore store,
      DiskSpace space,
      WorkerProperties worker,
      OnecycleProperties onecycle,
      Ids ids,
      JsonMapper mapper) {
    this.sources = sources;
    this.bench = bench;
    this.outputs = outputs;
    this.store = store;
    this.space = space;
    this.worker = worker;
    this.temporary = onecycle.home().resolve("tmp");
    this.ids = ids;
    this.mapper = mapper;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Class<BatchPrediction> asked() {
    return BatchPrediction.class;
  }

  @Override
  public Planned plan(RunSpec spec, BatchPrediction asked) {
    int pictures = sources.check(spec.dataset(), asked);
    return new Planned(
        List.of(), pictures < 0 ? null : bench.workload(spec.from(), pictures, asked.tta()));
  }

  @Override
  public Ending execute(RunContext context, BatchPrediction asked) throws Exception {
    List<OutputPart> complete = outputs.of(context.run());
    try (PictureSource pictures = sources.open(context.dataset(), asked, context::stopRequested);
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
    return new PredictionParts(context, store, space, mapper, file, number, worker.resumeEvery());
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
