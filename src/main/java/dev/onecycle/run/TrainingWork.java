package dev.onecycle.run;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.torch.TorchThread;
import dev.onecycle.training.DivergedException;
import dev.onecycle.training.PictureBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.Trainer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The kind of run that this service is for: trains a network by a recipe on a dataset. */
@Component
class TrainingWork implements RunWork {

  private final DatasetReader datasets;
  private final RunPlanner planner;
  private final CheckpointStore checkpoints;
  private final Torch torch;
  private final Devices devices;
  private final WorkerProperties properties;
  private final MeterRegistry meters;
  private final JsonMapper mapper;

  TrainingWork(
      DatasetReader datasets,
      RunPlanner planner,
      CheckpointStore checkpoints,
      Torch torch,
      Devices devices,
      WorkerProperties properties,
      MeterRegistry meters,
      JsonMapper mapper) {
    this.datasets = datasets;
    this.planner = planner;
    this.checkpoints = checkpoints;
    this.torch = torch;
    this.devices = devices;
    this.properties = properties;
    this.meters = meters;
    this.mapper = mapper;
  }

  @Override
  public String kind() {
    return "train";
  }

  @Override
  public List<String> check(RunSpec spec) {
    return planner.check(spec.dataset(), recipe(spec.recipe(), spec.seed()), spec.from());
  }

  private Recipe recipe(String json, long seed) {
    Object stored = mapper.readValue(json, Map.class);
    return RecipeReader.read(stored, Map.of("seed", seed));
  }

  @Override
  public Ending execute(RunContext context) throws Exception {
    Recipe recipe = recipe(context.recipe(), context.seed());
    Device device = devices.take();
    context.device(device.toString());
    try (DatasetSnapshot snapshot = datasets.open(context.dataset());
        TorchExecutor executor = new TorchExecutor(torch, "train-" + device, device)) {
      return executor.call(() -> train(context, recipe, new SnapshotData(snapshot, recipe)));
    } catch (TorchException e) {
      throw failure(e);
    } catch (DivergedException e) {
      throw new WorkFailed(
          RunFailure.Kind.DIVERGED,
          e.getMessage(),
          "Lower the learning rate, or set optimizer.gradientClip.",
          e);
    } finally {
      devices.giveBack(device);
      Torch.releaseMemory();
    }
  }

  private Ending train(RunContext context, Recipe recipe, SnapshotData data) {
    DType precision = precision(recipe.precision());
    try (PictureBatches batches = new PictureBatches(recipe, data, properties.dataThreads());
        Trainer trainer =
            new Trainer(
                recipe,
                batches,
                initial(context, recipe, data.labels()),
                Numerics.fast(precision),
                new TrainingReporter(context, recipe, data, checkpoints, meters),
                context::stopRequested)) {
      return trainer.train() ? Ending.COMPLETED : Ending.STOPPED;
    }
  }

  private StateDict initial(RunContext context, Recipe recipe, List<String> labels) {
    if (context.from() == null) {
      return Trainer.fromScratch(recipe, labels.size());
    }
    LoadedCheckpoint from = checkpoints.load(context.from());
    return from.manifest().labels().equals(labels)
        ? from.state()
        : Trainer.withNewHead(from.state(), recipe, labels.size());
  }

  private DType precision(Recipe.Precision wanted) {
    return switch (wanted) {
      case FLOAT32 -> DType.FLOAT32;
      case BFLOAT16 -> DType.BFLOAT16;
      case AUTO ->
          torch.prefersBfloat16(TorchThread.current().device()) ? DType.BFLOAT16 : DType.FLOAT32;
    };
  }

  private static WorkFailed failure(TorchException e) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY ->
          new WorkFailed(
              RunFailure.Kind.OUT_OF_MEMORY,
              e.getMessage(),
              "Halve the batch size, and double accumulate to keep the schedule's meaning.",
              e);
      case DEVICE_LOST, OTHER ->
          new WorkFailed(
              RunFailure.Kind.INTERNAL, e.getMessage(), "The worker's log has the whole story.", e);
    };
  }
}
