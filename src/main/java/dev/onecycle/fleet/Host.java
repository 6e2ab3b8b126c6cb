package dev.onecycle.fleet;

import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The machine that this process runs on.
 *
 * @param name its name in the network
 * @param process this process's number
 * @param devices what runs can be worked on, the processor only where there is no GPU; empty in a
 *     process that works on none
 */
public record Host(String name, long process, List<WorkerDevice> devices) {

  /** Longer names are cut: with the process's number they must fit in a column. */
  private static final int LONGEST_NAME = 80;

  public Host {
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    devices = List.copyOf(devices);
  }

  /** Returns what this process is called as a worker: a restarted one is another. */
  public String worker() {
    return name + ":" + process;
  }

  /** Returns the devices that the engine found. */
  static List<WorkerDevice> devices(Torch torch, Map<String, String> environment) {
    List<Device> found = torch.devices();
    List<Gpu> gpus =
        found.get(0).cuda() ? Gpu.visible(environment.get("CUDA_VISIBLE_DEVICES")) : List.of();
    return IntStream.range(0, found.size())
        .mapToObj(
            i -> {
              Device device = found.get(i);
              Gpu gpu = i < gpus.size() ? gpus.get(i) : Gpu.UNKNOWN;
              return new WorkerDevice(
                  device.toString(), gpu.name(), gpu.uuid(), torch.prefersBfloat16(device));
            })
        .toList();
  }
}
