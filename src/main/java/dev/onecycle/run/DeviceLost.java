package dev.onecycle.run;

import dev.onecycle.torch.Device;

/** A device is in a state that only a new process leaves: its run is not to blame. */
final class DeviceLost extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Device device;

  DeviceLost(Device device, Throwable cause) {
    super("its device " + device + " was lost: " + cause.getMessage(), cause);
    this.device = device;
  }

  Device device() {
    return device;
  }
}
