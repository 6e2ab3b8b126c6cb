package dev.onecycle.work;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.PixelCache;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.RunContext;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.torch.TorchThread;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TrainingStateReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The things that works compute with: a device, a dataset, its pictures in a recipe's size. */
@Component
class Workbench {

  private final DatasetReader datasets;
  private final PixelCache pixels;
  private final WorkerProperties properties;
  private final ObjectProvider<Torch> engine;
  private final Devices devices;
  private final StartingPoints startingPoints;
  private final MemoryFormats formats = new MemoryFormats();
  private final boolean besidePredictions;

  Workbench(
      DatasetReader datasets,
      PixelCache pixels,
      WorkerProperties properties,
      ObjectProvider<Torch> engine,
      Devices devices,
      StartingPoints startingPoints,
      OnecycleProperties onecycle) {
    this.datasets = datasets;
    this.pixels = pixels;
    this.properties = properties;
    this.engine = engine;
    this.devices = devices;
    this.startingPoints = startingPoints;
    this.besidePredictions = onecycle.role().serves();
  }

  /**
   * Takes the device whose turn it is; the caller closes it.
   *
   * @throws CancellationException where others have just leased the last one: the attempt does not
   *     begin
   */
  RunDevice device(RunContext context) {
    Device device =
        devices
            .take()
            .orElseThrow(() -> new CancellationException("others have leased the last device"));
    try {
      context.device(device.toString());
      return new RunDevice(devices, executor(device));
    } catch (RuntimeException | Error e) {
      devices.giveBack(device);
      throw e;
    }
  }

  /**
   * Makes the torch thread. Somebody waits for a prediction, nobody for a step: on a processor that
   * does both it yields.
   */
  TorchExecutor executor(Device device) {
    String name = "train-" + device;
    return besidePredictions && !device.cuda()
        ? TorchExecutor.givingWay(engine.getObject(), name, device)
        : new TorchExecutor(engine.getObject(), name, device);
  }

  /** Returns whether networks can be computed in 8 bits on the processor here. */
  boolean multipliesInt8() {
    return engine.getObject().multipliesInt8(Device.CPU);
  }

  /** Opens the run's dataset; the caller closes it. */
  DatasetSnapshot dataset(RunContext context) {
    return datasets.open(context.spec().requiredDataset());
  }

  /**
   * Opens the dataset's pictures in the recipe's size, which may take minutes the first time; the
   * caller closes them before the dataset.
   *
   * @throws CancellationException once a stop is requested
   */
  PixelFile pixels(RunContext context, DatasetSnapshot dataset, Recipe recipe) {
    return pixels.open(
        datasets.pixels(context.spec().requiredDataset()),
        dataset.all(),
        recipe.itemSize(),
        properties.dataThreads(),
        new PixelCache.Watch(context::log, context::stopRequested));
  }

  /** Returns the pictures as the recipe wants them, of what the two above opened. */
  SnapshotData data(RunContext context, DatasetSnapshot dataset, PixelFile pixels, Recipe recipe) {
    Normalization start = startingPoints.normalization(context.spec().from());
    return new SnapshotData(dataset, pixels, recipe, start);
  }

  /** Returns the weights that the run starts with. */
  StateDict weights(RunContext context, Recipe recipe, List<String> labels) {
    return startingPoints.weights(context.spec().from(), recipe, labels);
  }

  /** Returns how the network of a run that begins computes here, on its torch thread. */
  Numerics numerics(RunContext context, Recipe recipe) {
    return numerics(context, recipe, Optional.empty());
  }

  /** Returns the same for a run that goes on: in the memory format that its state is in. */
  Numerics numerics(RunContext context, Recipe recipe, Optional<TrainingStateReader> state) {
    Torch torch = engine.getObject();
    Device device = TorchThread.current().device();
    DType precision = torch.precision(recipe.precision(), device);
    if (state.isPresent()) {
      return new Numerics(precision, state.get().format());
    }
    // Known for these in both precisions: docs/benchmarks.md. A budget has no time to measure.
    boolean usual = torch.prefersBfloat16(device) || recipe.budget() != null;
    return usual
        ? Numerics.fast(precision)
        : new Numerics(precision, formats.faster(recipe, precision, context::log));
  }
}
