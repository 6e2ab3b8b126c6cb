package dev.onecycle.work;

import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.PixelCache;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.network.Numerics;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.DeviceLost;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.DivergedException;
import dev.onecycle.training.SnapshotData;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Where works compute: a device and its torch thread, a recipe's pictures. */
@Component
public class Workbench {

  private final DatasetReader datasets;
  private final PixelCache pixels;
  private final WorkerProperties properties;
  private final ObjectProvider<Torch> engine;
  private final Devices devices;
  private final boolean besidePredictions;

  Workbench(
      DatasetReader datasets,
      PixelCache pixels,
      WorkerProperties properties,
      ObjectProvider<Torch> engine,
      Devices devices,
      OnecycleProperties onecycle) {
    this.datasets = datasets;
    this.pixels = pixels;
    this.properties = properties;
    this.engine = engine;
    this.devices = devices;
    this.besidePredictions = onecycle.role().serves();
  }

  /** What is done with a device, in the thread of the worker's slot. */
  @FunctionalInterface
  public interface DeviceWork {
    RunWork.Ending on(TorchExecutor device) throws Exception;
  }

  /** What is done at the workbench, on its torch thread. */
  @FunctionalInterface
  interface Doing {
    RunWork.Ending on(SnapshotData data, Numerics numerics) throws Exception;
  }

  /**
   * Does {@code doing} with everything that the run needs, and puts it all away afterwards.
   *
   * @throws WorkFailed where the engine failed, or the loss diverged
   * @throws DeviceLost where the device needs a new process
   */
  RunWork.Ending use(RunContext context, Recipe recipe, Doing doing) throws Exception {
    return onDevice(
        context,
        HalfBatches.advice(recipe),
        executor -> {
          try (DatasetSnapshot snapshot = datasets.open(context.dataset());
              PixelFile pictures = pictures(context, snapshot, recipe)) {
            Numerics numerics = Numerics.fast(precision(recipe.precision(), executor.device()));
            SnapshotData data = new SnapshotData(snapshot, pictures, recipe);
            return executor.call(() -> doing.on(data, numerics));
          } catch (DivergedException e) {
            throw new WorkFailed(
                RunFailure.Kind.DIVERGED,
                e.getMessage(),
                "Lower the learning rate, or set optimizer.gradientClip.",
                e);
          }
        });
  }

  /**
   * Does {@code work} with the device whose turn it is, which rests again afterwards. Where others
   * have just leased the last one, it is not begun. A {@link CancellationException} is the work's
   * way to say that it stopped.
   *
   * @param whenTooLarge what helps where the device has too little memory, one sentence
   * @throws WorkFailed where the engine failed
   * @throws DeviceLost where the device needs a new process
   */
  public RunWork.Ending onDevice(RunContext context, String whenTooLarge, DeviceWork work)
      throws Exception {
    Optional<Device> free = devices.take();
    if (free.isEmpty()) {
      return RunWork.Ending.STOPPED;
    }
    Device device = free.get();
    try (TorchExecutor executor = executor(device)) {
      context.device(device.toString());
      return work.on(executor);
    } catch (CancellationException e) {
      return RunWork.Ending.STOPPED;
    } catch (TorchException e) {
      throw failure(e, device, whenTooLarge);
    } finally {
      devices.giveBack(device);
      Torch.releaseMemory();
    }
  }

  /**
   * Somebody waits for a prediction, nobody for a step: on a processor that does both it yields.
   */
  private TorchExecutor executor(Device device) {
    String name = "train-" + device;
    return besidePredictions && !device.cuda()
        ? TorchExecutor.givingWay(engine.getObject(), name, device)
        : new TorchExecutor(engine.getObject(), name, device);
  }

  private PixelFile pictures(RunContext context, DatasetSnapshot snapshot, Recipe recipe) {
    return pixels.open(
        context.dataset(),
        snapshot.all(),
        recipe.itemSize(),
        properties.dataThreads(),
        new PixelCache.Watch(context::log, context::stopRequested));
  }

  private DType precision(Recipe.Precision wanted, Device device) {
    return switch (wanted) {
      case FLOAT32 -> DType.FLOAT32;
      case BFLOAT16 -> DType.BFLOAT16;
      case AUTO -> engine.getObject().prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
    };
  }

  private static Exception failure(TorchException e, Device device, String whenTooLarge) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY ->
          new WorkFailed(RunFailure.Kind.OUT_OF_MEMORY, e.getMessage(), whenTooLarge, e);
      case DEVICE_LOST -> new DeviceLost(device.toString(), device.cuda(), e);
      case OTHER ->
          new WorkFailed(
              RunFailure.Kind.INTERNAL, e.getMessage(), "The worker's log has the whole story.", e);
    };
  }
}
