package dev.onecycle.run;

import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** How much memory is in use on each device of this host, asked when it is read. */
@Component
class DeviceMetrics implements MeterBinder {

  private final Torch torch;

  DeviceMetrics(Torch torch) {
    this.torch = torch;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Device device : torch.devices()) {
      Gauge.builder("onecycle.device.memory", device, Torch::usedBytes)
          .description("memory in use on a device; for the processor, by this process")
          .baseUnit("bytes")
          .tag("device", device.toString())
          .register(registry);
    }
  }
}
