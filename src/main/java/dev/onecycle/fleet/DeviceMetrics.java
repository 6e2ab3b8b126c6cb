package dev.onecycle.fleet;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The gauges of the memory in use on each device that runs are worked on, asked when they are read.
 */
@Component
class DeviceMetrics implements MeterBinder {

  private final Role role;
  private final ObjectProvider<Torch> engine;

  DeviceMetrics(OnecycleProperties onecycle, ObjectProvider<Torch> engine) {
    this.role = onecycle.role();
    this.engine = engine;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    if (!role.works()) {
      return;
    }
    for (Device device : engine.getObject().devices()) {
      Gauge.builder("onecycle.device.memory", device, Torch::usedBytes)
          .description("memory in use on a device; for the processor, by this process")
          .baseUnit("bytes")
          .tag("device", device.toString())
          .register(registry);
    }
  }
}
