package dev.onecycle.serving;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import jakarta.annotation.PreDestroy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The device that predicts, and the one thread that talks to it. Where the process trains, the
 * engine is there from the start, and a wrong setting refuses to start; else the first prediction
 * loads it.
 */
@Component
class ServingDevice {

  private final ObjectProvider<Torch> engine;
  private final ServingProperties properties;
  private TorchExecutor executor;

  ServingDevice(
      ObjectProvider<Torch> engine, ServingProperties properties, OnecycleProperties onecycle) {
    this.engine = engine;
    this.properties = properties;
    if (onecycle.role().serves() && onecycle.role().works()) {
      executor();
    }
  }

  /** Where everything that touches tensors is submitted. */
  synchronized TorchExecutor executor() {
    if (executor == null) {
      Device device = device();
      executor = new TorchExecutor(engine.getObject(), "serving-" + device, device);
    }
    return executor;
  }

  private Device device() {
    return properties.device().equals("auto")
        ? engine.getObject().devices().get(0)
        : Device.parse(properties.device());
  }

  /** What convolutions compute in here. */
  DType precision() {
    return precisionOn(device());
  }

  /** What they would compute in on another device. */
  DType precisionOn(Device other) {
    return switch (properties.precision()) {
      case FLOAT32 -> DType.FLOAT32;
      case BFLOAT16 -> DType.BFLOAT16;
      case AUTO -> engine.getObject().prefersBfloat16(other) ? DType.BFLOAT16 : DType.FLOAT32;
    };
  }

  @PreDestroy
  synchronized void close() {
    if (executor != null) {
      executor.close();
    }
  }
}
