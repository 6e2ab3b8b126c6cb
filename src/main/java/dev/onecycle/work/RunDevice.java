package dev.onecycle.work;

import dev.onecycle.fleet.Devices;
import dev.onecycle.run.DeviceLost;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.DivergedException;
import java.util.concurrent.Callable;

/** The device that an attempt has to itself, and its torch thread. Closed, it rests again. */
final class RunDevice implements AutoCloseable {

  private final Devices devices;
  private final TorchExecutor executor;

  /**
   * @param executor of one of {@code devices} that was taken, closed with this
   */
  RunDevice(Devices devices, TorchExecutor executor) {
    this.devices = devices;
    this.executor = executor;
  }

  Device device() {
    return executor.device();
  }

  /**
   * Does {@code work} on the torch thread and says in a run's words how it failed.
   *
   * @param whenTooLarge what helps where the device has too little memory, one sentence
   * @throws WorkFailed where the engine failed, or the loss diverged
   * @throws DeviceLost where the device needs a new process
   */
  <T> T call(String whenTooLarge, Callable<T> work) throws Exception {
    try {
      return executor.call(work);
    } catch (DivergedException e) {
      throw new WorkFailed(
          RunFailure.Kind.DIVERGED,
          e.getMessage(),
          "Lower the learning rate, or set optimizer.gradientClip.",
          e);
    } catch (TorchException e) {
      throw failure(e, whenTooLarge);
    }
  }

  private Exception failure(TorchException e, String whenTooLarge) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY ->
          new WorkFailed(RunFailure.Kind.OUT_OF_MEMORY, e.getMessage(), whenTooLarge, e);
      case DEVICE_LOST -> new DeviceLost(device().toString(), device().cuda(), e);
      case OTHER ->
          new WorkFailed(
              RunFailure.Kind.INTERNAL, e.getMessage(), "The worker's log has the whole story.", e);
    };
  }

  @Override
  public void close() {
    try {
      executor.close();
    } finally {
      devices.giveBack(device());
      Torch.releaseMemory();
    }
  }
}
