package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.platform.Failure;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.Workload;
import dev.onecycle.work.AnswerBatches.Answer;
import dev.onecycle.work.Evaluation.Subject;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The kind of run that says what a checkpoint is worth on labelled pictures. Stopped or killed, it
 * begins anew.
 */
@Component
class EvaluationWork implements RunWork {

  private final Datasets datasets;
  private final DatasetReader reader;
  private final AnswerBench bench;
  private final CheckpointStore checkpoints;
  private final TrainedPictures trained;
  private final JsonMapper mapper;

  EvaluationWork(
      Datasets datasets,
      DatasetReader reader,
      AnswerBench bench,
      CheckpointStore checkpoints,
      TrainedPictures trained,
      JsonMapper mapper) {
    this.datasets = datasets;
    this.reader = reader;
    this.bench = bench;
    this.checkpoints = checkpoints;
    this.trained = trained;
    this.mapper = mapper;
  }

  @Override
  public String kind() {
    return RunSpec.EVALUATE;
  }

  @Override
  public List<String> check(RunSpec spec) {
    List<String> given =
        counts(spec).stream()
            .filter(label -> asked(spec.recipe()).split().count(label) > 0)
            .map(LabelCount::name)
            .toList();
    return LabelFit.check(checkpoints.get(spec.from()).manifest().labels(), given);
  }

  @Override
  public Workload workload(RunSpec spec) {
    EvaluationOptions asked = asked(spec.recipe());
    int pictures = counts(spec).stream().mapToInt(asked.split()::count).sum();
    return bench.workload(spec.from(), pictures, asked.tta());
  }

  private List<LabelCount> counts(RunSpec spec) {
    return datasets.required(spec.dataset()).labels();
  }

  private EvaluationOptions asked(String options) {
    return mapper.readValue(options, EvaluationOptions.class);
  }

  @Override
  public Ending execute(RunContext context) throws Exception {
    EvaluationOptions asked = asked(context.recipe());
    LoadedCheckpoint checkpoint = bench.checkpoint(context);
    List<String> known = checkpoint.manifest().labels();
    try (DatasetSnapshot dataset = reader.open(context.dataset())) {
      int[] images = asked.split().of(dataset).toArray();
      Findings findings =
          new Findings(labels(dataset, images, known), known.size(), asked.options(context.seed()));
      PictureSource pictures = PictureSource.of(dataset, images);
      Subject subject = subject(context, checkpoint.manifest(), asked.split());
      return bench.use(
          context,
          checkpoint,
          pictures,
          0,
          asked.tta(),
          answers -> evaluate(context, answers, findings, subject, known, images));
    }
  }

  private static Ending evaluate(
      RunContext context,
      AnswerBatches answers,
      Findings findings,
      Subject subject,
      List<String> labels,
      int[] images) {
    StepProgress progress = new StepProgress(context, 0, answers.steps());
    while (answers.hasNext()) {
      if (context.stopRequested()) {
        return Ending.STOPPED;
      }
      List<Answer> batch = answers.next();
      batch.forEach(findings::add);
      progress.done(batch.size());
    }
    context.answers(Evaluation.answers(findings.plain(), index -> images[index]));
    Evaluation.of(
            subject,
            labels,
            findings.plain(),
            index -> images[index],
            findings.ttaAccuracy(),
            findings.menu(progress.msPerPicture()))
        .keep(context);
    return Ending.COMPLETED;
  }

  private Subject subject(RunContext context, Manifest manifest, SplitChoice split) {
    Origin origin = manifest.origin();
    return new Subject(
        context.from(),
        origin == null ? null : origin.phase(),
        origin == null ? null : origin.epoch() - 1,
        trained.overlap(manifest, context.dataset(), split));
  }

  /** The position of each picture's label among the known ones. */
  private static int[] labels(DatasetSnapshot dataset, int[] images, List<String> known) {
    int[] labels = new int[images.length];
    for (int i = 0; i < images.length; i++) {
      String label = dataset.all().index().get(images[i]).label();
      labels[i] = known.indexOf(label);
      if (labels[i] < 0) {
        throw new Failure.Invalid("label '" + label + "' is none of the model's");
      }
    }
    return labels;
  }
}
