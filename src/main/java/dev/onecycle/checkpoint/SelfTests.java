package dev.onecycle.checkpoint;

import dev.onecycle.network.StateDict;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.torch.TorchThread;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Has networks answer their {@link SelfTest}: where they were trained, or on the processor. */
@Component
class SelfTests {

  private final ObjectProvider<Torch> engine;

  SelfTests(ObjectProvider<Torch> engine) {
    this.engine = engine;
  }

  /** What {@code state} answers; null if that is not numbers. */
  SelfTest of(Manifest manifest, StateDict state) {
    if (Thread.currentThread() instanceof TorchThread) {
      return SelfTest.of(manifest, state);
    }
    try (TorchExecutor device = new TorchExecutor(engine.getObject(), "self-test", Device.CPU)) {
      return device.submit(() -> SelfTest.of(manifest, state)).join();
    }
  }
}
