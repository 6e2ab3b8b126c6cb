package dev.onecycle.fleet;

import dev.onecycle.torch.Device;
import org.jspecify.annotations.Nullable;

/**
 * A device of a worker's host.
 *
 * @param device how the engine calls it: {@code cpu} or {@code cuda:N}
 * @param name what its maker calls it, where that is known
 * @param uuid the GPU's own, where that is known
 * @param fastBfloat16 whether it computes faster in bfloat16 than in float32
 */
public record WorkerDevice(
    String device, @Nullable String name, @Nullable String uuid, boolean fastBfloat16) {

  /**
   * Returns what a worker leases to have the device for itself, or null where nobody has: the
   * processor is shared. A GPU is known by its UUID, which is the same in every container of its
   * machine, and else by its number on the host.
   */
  @Nullable String leaseOn(String host) {
    if (!toDevice().cuda()) {
      return null;
    }
    return uuid == null ? host + "/" + device : uuid;
  }

  Device toDevice() {
    return Device.parse(device);
  }
}
