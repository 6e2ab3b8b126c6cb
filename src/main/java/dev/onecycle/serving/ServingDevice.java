package dev.onecycle.serving;

import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import jakarta.annotation.PreDestroy;
import org.springframework.stereotype.Component;

/** The device that predicts, and the one thread that talks to it. */
@Component
class ServingDevice {

  private final TorchExecutor executor;
  private final DType precision;

  ServingDevice(Torch torch, ServingProperties properties) {
    Device device =
        properties.device().equals("auto")
            ? torch.devices().get(0)
            : Device.parse(properties.device());
    executor = new TorchExecutor(torch, "serving-" + device, device);
    precision =
        switch (properties.precision()) {
          case FLOAT32 -> DType.FLOAT32;
          case BFLOAT16 -> DType.BFLOAT16;
          case AUTO -> torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
        };
  }

  /** Where everything that touches tensors is submitted. */
  TorchExecutor executor() {
    return executor;
  }

  /** What convolutions compute in here. */
  DType precision() {
    return precision;
  }

  @PreDestroy
  void close() {
    executor.close();
  }
}
