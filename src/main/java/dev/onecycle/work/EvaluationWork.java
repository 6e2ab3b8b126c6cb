package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.output.PictureAnswer;
import dev.onecycle.run.output.RunAnswers;
import dev.onecycle.work.AnswerBatches.Answer;
import dev.onecycle.work.Evaluation.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * The kind of run that says what a checkpoint is worth on labelled pictures. Stopped or killed, it
 * begins anew.
 */
@Component
public class EvaluationWork implements RunWork<EvaluationOptions> {

  /** The kind's name. */
  public static final String KIND = "evaluate";

  private final Datasets datasets;
  private final DatasetReader reader;
  private final Workbench workbench;
  private final AnswerBench bench;
  private final TrainedPictures trained;
  private final RunAnswers kept;
  private final Quantizer quantizer;

  EvaluationWork(
      Datasets datasets,
      DatasetReader reader,
      Workbench workbench,
      AnswerBench bench,
      TrainedPictures trained,
      RunAnswers kept,
      Quantizer quantizer) {
    this.datasets = datasets;
    this.reader = reader;
    this.workbench = workbench;
    this.bench = bench;
    this.trained = trained;
    this.kept = kept;
    this.quantizer = quantizer;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Class<EvaluationOptions> asked() {
    return EvaluationOptions.class;
  }

  @Override
  public Planned plan(RunSpec spec, EvaluationOptions asked) {
    List<LabelCount> labels = datasets.required(spec.requiredDataset()).requireReady().labels();
    List<String> given =
        labels.stream()
            .filter(label -> asked.split().count(label) > 0)
            .map(LabelCount::name)
            .toList();
    Checkpoint checkpoint = bench.checkpoint(spec);
    Manifest manifest = checkpoint.manifest();
    int pictures = labels.stream().mapToInt(asked.split()::count).sum();
    int training = labels.stream().mapToInt(LabelCount::train).sum();
    long quantizing =
        (long) Quantizer.PASSES * Quantizer.each(manifest, checkpoint.quantization(), training);
    return new Planned(
        LabelFit.check(manifest.labels(), given),
        AnswerBench.workload(manifest, pictures, asked.tta(), quantizing));
  }

  @Override
  public Ending execute(RunContext context, EvaluationOptions asked) throws Exception {
    LoadedCheckpoint checkpoint = bench.load(context);
    List<String> known = checkpoint.manifest().labels();
    try (DatasetSnapshot dataset = reader.open(context.spec().requiredDataset())) {
      List<PackedPicture> index = dataset.all().index();
      int[] images = asked.split().of(dataset).filter(i -> index.get(i).label() != null).toArray();
      Findings findings =
          new Findings(
              labels(dataset, images, known), known.size(), asked.options(context.spec().seed()));
      PictureSource pictures = PictureSource.of(dataset, images);
      Subject subject = subject(context, checkpoint.manifest(), asked.split());
      Ending ending;
      try (RunDevice device = workbench.device(context)) {
        ending =
            device.call(
                AnswerBench.WHEN_TOO_LARGE,
                () -> {
                  try (AnswerBatches answers =
                      bench.answers(context, device, checkpoint, pictures, 0, asked.tta())) {
                    return evaluate(context, answers, findings, subject, known, images);
                  }
                });
      }
      if (ending == Ending.COMPLETED) {
        quantize(context, checkpoint, dataset);
      }
      return ending;
    }
  }

  /** Weights from elsewhere meet pictures like those of their training here for the first time. */
  private void quantize(RunContext context, LoadedCheckpoint checkpoint, DatasetSnapshot dataset) {
    int[] train = dataset.split().train();
    int each = Quantizer.each(checkpoint.manifest(), checkpoint.quantization(), train.length);
    if (each > 0) {
      quantizer.quantize(context, checkpoint, dataset.all().subset(train), each);
    }
  }

  private Ending evaluate(
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
    List<PictureAnswer> each = Evaluation.answers(findings.plain(), index -> images[index]);
    context.whileHeld(() -> kept.write(context.run(), each));
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
        context.spec().requiredFrom(),
        origin == null ? null : origin.phase(),
        origin == null ? null : origin.lastEpoch(),
        trained.overlap(manifest, context.spec().requiredDataset(), split));
  }

  /** Returns the position of each picture's label among the known ones. */
  private static int[] labels(DatasetSnapshot dataset, int[] images, List<String> known) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < known.size(); i++) {
      positions.putIfAbsent(LabelName.composed(known.get(i)), i);
    }
    int[] labels = new int[images.length];
    for (int i = 0; i < images.length; i++) {
      String label = requireNonNull(dataset.all().index().get(images[i]).label());
      Integer position = positions.get(LabelName.composed(label));
      if (position == null) {
        throw new Failure.Invalid("label '" + label + "' is none of the model's");
      }
      labels[i] = position;
    }
    return labels;
  }
}
