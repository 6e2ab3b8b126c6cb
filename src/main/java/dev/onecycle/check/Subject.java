package dev.onecycle.check;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.util.concurrent.Callable;

/** The device that is checked, and how much of it. */
record Subject(Torch torch, Device device, Extent extent) {

  static final int CLASSES = 10;

  /** Does {@code work} on a torch thread of the device. */
  <T> T compute(Callable<T> work) throws Exception {
    return computeOn(device, work);
  }

  /** Does {@code work} on a torch thread of the device or of the processor beside it. */
  <T> T computeOn(Device where, Callable<T> work) throws Exception {
    try (TorchExecutor executor = new TorchExecutor(torch, "check", where)) {
      return executor.call(work);
    }
  }

  /** What training and serving compute in here. */
  DType precision() {
    return torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
  }

  Numerics numerics() {
    return Numerics.fast(precision());
  }

  /** An untrained network. */
  StateDict untrained() {
    Layout layout = Layout.of(Architecture.named(extent.architecture()), CLASSES);
    return Initialization.random(layout, new Seed(1));
  }

  /** The smallest training; on the thread that calls. */
  TrainSubject training() {
    return new TrainSubject(untrained(), numerics(), extent.smallestBatch(), extent.smallestSize());
  }

  /** How many megabytes are in use, or NaN. */
  double usedMegabytes() {
    return Torch.usedBytes(device) / (1 << 20);
  }
}
