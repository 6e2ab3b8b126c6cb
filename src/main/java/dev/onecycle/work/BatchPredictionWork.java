package dev.onecycle.work;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.output.OutputPart;
import dev.onecycle.serving.CombinedViews;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.work.AnswerBatches.Answer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * The kind of run that predicts the pictures of a dataset or a directory. It goes on after the last
 * part of its output that is complete: batches are the same then, and so is every line.
 */
@Component
public class BatchPredictionWork implements RunWork<BatchPrediction> {

  /** The kind's name. */
  public static final String KIND = "batch-predict";

  private final Workbench workbench;
  private final AnswerBench bench;
  private final PictureSources sources;
  private final PredictionOutput output;

  BatchPredictionWork(
      Workbench workbench, AnswerBench bench, PictureSources sources, PredictionOutput output) {
    this.workbench = workbench;
    this.bench = bench;
    this.sources = sources;
    this.output = output;
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
        List.of(),
        pictures < 0 ? null : bench.workload(spec.requiredFrom(), pictures, asked.tta()));
  }

  @Override
  public Ending execute(RunContext context, BatchPrediction asked) throws Exception {
    List<OutputPart> complete = output.complete(context.run());
    try (PictureSource pictures =
            sources.open(context.spec().dataset(), asked, context::stopRequested);
        PredictionParts parts = output.open(context, complete.size());
        RunDevice device = workbench.device(context)) {
      int from = complete.isEmpty() ? 0 : pictures.upTo(complete.get(complete.size() - 1).last());
      LoadedCheckpoint checkpoint = bench.load(context);
      List<String> labels = checkpoint.manifest().labels();
      PredictionOptions options = asked.options(context.spec().seed());
      return device.call(
          AnswerBench.WHEN_TOO_LARGE,
          () -> {
            try (AnswerBatches answers =
                bench.answers(context, device, checkpoint, pictures, from, asked.tta())) {
              return predict(
                  context,
                  answers,
                  answer -> parts.add(predicted(pictures, answer, labels, options)),
                  parts);
            }
          });
    }
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
    context.log(summary(output.complete(context.run())));
    return Ending.COMPLETED;
  }

  private static PredictedPicture predicted(
      PictureSource pictures, Answer answer, List<String> labels, PredictionOptions options) {
    String path = pictures.path(answer.picture());
    String actual = pictures.label(answer.picture());
    if (answer.problem() != null) {
      return new PredictedPicture(path, actual, null, null, Problem.of(answer.problem()));
    }
    float[] logits = answer.required();
    CombinedViews combined = CombinedViews.of(logits, labels.size(), options, options.views());
    Agreement agreement = new Agreement(logits.length / labels.size(), combined.agreement());
    return new PredictedPicture(path, actual, combined.ranked(labels, options), agreement, null);
  }

  private static String summary(List<OutputPart> parts) {
    long pictures = parts.stream().mapToLong(OutputPart::items).sum();
    long problems = parts.stream().mapToLong(OutputPart::problems).sum();
    return String.format(
        Locale.ROOT, "%,d pictures, of which %,d could not be predicted", pictures, problems);
  }
}
