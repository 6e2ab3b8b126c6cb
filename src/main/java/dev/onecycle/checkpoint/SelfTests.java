package dev.onecycle.checkpoint;

import dev.onecycle.network.StateDict;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The place where networks answer their {@link SelfTest}, on the processor wherever they were
 * trained: a device that trains may have no memory left.
 */
@Component
class SelfTests {

  private final ObjectProvider<Torch> engine;

  SelfTests(ObjectProvider<Torch> engine) {
    this.engine = engine;
  }

  /** Returns what {@code state} answers; null if that is not numbers, or it has no head. */
  @Nullable SelfTest of(Manifest manifest, StateDict state) {
    if (manifest.isBody()) {
      return null;
    }
    try (TorchExecutor device = new TorchExecutor(engine.getObject(), "self-test", Device.CPU)) {
      return device.call(() -> SelfTest.of(manifest, state));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the self-test could not be done", e);
    }
  }
}
