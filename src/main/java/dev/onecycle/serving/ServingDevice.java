package dev.onecycle.serving;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.TorchProperties;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import jakarta.annotation.PreDestroy;
import org.springframework.stereotype.Component;

/**
 * The device that predicts, and the one thread that talks to it. The engine is loaded when it is
 * first needed: a service that only answers questions about runs never loads it.
 */
@Component
class ServingDevice {

  private final ServingProperties properties;
  private final TorchProperties torchProperties;
  private final OnecycleProperties onecycle;
  private Torch torch;
  private TorchExecutor executor;

  ServingDevice(
      ServingProperties properties, TorchProperties torchProperties, OnecycleProperties onecycle) {
    this.properties = properties;
    this.torchProperties = torchProperties;
    this.onecycle = onecycle;
  }

  /** Where everything that touches tensors is submitted. */
  synchronized TorchExecutor executor() {
    if (executor == null) {
      torch = Torch.start(torchProperties.threads(), onecycle.home().resolve("engine"));
      Device device =
          properties.device().equals("auto")
              ? torch.devices().get(0)
              : Device.parse(properties.device());
      executor = new TorchExecutor(torch, "serving", device);
    }
    return executor;
  }

  /** What convolutions compute in. */
  synchronized DType precision() {
    return switch (properties.precision()) {
      case FLOAT32 -> DType.FLOAT32;
      case BFLOAT16 -> DType.BFLOAT16;
      case AUTO -> torch.prefersBfloat16(executor().device()) ? DType.BFLOAT16 : DType.FLOAT32;
    };
  }

  @PreDestroy
  synchronized void close() {
    if (executor != null) {
      executor.close();
    }
  }
}
