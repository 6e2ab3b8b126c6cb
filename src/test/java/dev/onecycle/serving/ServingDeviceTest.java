package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.ProcessExit;
import dev.onecycle.platform.Role;
import dev.onecycle.torch.TorchFailures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ServingDeviceTest {

  private final List<Integer> exits = new ArrayList<>();

  /** Of a process that loads no engine before it predicts. */
  private final ServingDevice device =
      new ServingDevice(
          null, null, new OnecycleProperties(Path.of("nowhere"), Role.API), exits::add);

  @Test
  void aLostDeviceEndsTheProcessOnce() {
    Failure told = new Failure.Unavailable("cannot predict", "Try.", TorchFailures.deviceLost());
    device.heard(new CompletionException(told));
    device.heard(told);
    assertThat(exits).containsExactly(ProcessExit.TRY_AGAIN);
  }

  @Test
  void nothingElseDoes() {
    device.heard(new Failure.Unavailable("no room", "Try.", TorchFailures.outOfMemory()));
    device.heard(new IllegalStateException("a bug"));
    assertThat(exits).isEmpty();
  }
}
