package dev.onecycle.run;

import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.util.ArrayDeque;
import java.util.Deque;
import org.springframework.stereotype.Component;

/**
 * The devices that this process's runs take turns on: a run takes the one that has rested longest.
 * Where there are more slots than devices, runs share one.
 */
@Component
class Devices {

  private final Deque<Device> resting = new ArrayDeque<>();

  Devices(Torch torch, WorkerProperties properties) {
    int turns = Math.max(properties.slots(), torch.devices().size());
    for (int i = 0; i < turns; i++) {
      resting.add(torch.devices().get(i % torch.devices().size()));
    }
  }

  synchronized Device take() {
    return resting.remove();
  }

  synchronized void giveBack(Device device) {
    resting.add(device);
  }
}
