package dev.onecycle.fleet;

import dev.onecycle.torch.Device;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The slots of this process and the devices that its runs take turns on: a run takes the one that
 * has rested longest. Where there are more slots than devices, runs share one.
 */
@Component
public class Devices {

  private final WorkerSlots slots;
  private final Deque<Device> resting = new ArrayDeque<>();
  private final List<Device> busy = new ArrayList<>();
  private List<Device> turns = List.of();

  Devices(Host host, WorkerProperties properties) {
    this.slots = new WorkerSlots("run-slot-", properties.slotsOn(host));
  }

  /** Returns the threads that work on runs. */
  public WorkerSlots slots() {
    return slots;
  }

  /**
   * Has runs work on these from now on, one slot per entry. Runs under way keep their device; one
   * that is no longer listed is not taken again.
   */
  public synchronized void equip(List<Device> turns) {
    this.turns = List.copyOf(turns);
    resting.clear();
    List<Device> taken = new ArrayList<>(busy);
    turns.stream().filter(device -> !taken.remove(device)).forEach(resting::add);
    slots.resize(Math.max(1, turns.size()));
  }

  /** Returns whether any run could be worked on. */
  public synchronized boolean any() {
    return !turns.isEmpty();
  }

  /**
   * Returns whether one waits for a run: not where others have leased them since the slot was free.
   */
  public synchronized boolean free() {
    return !resting.isEmpty();
  }

  /** Takes a device; empty where others have leased the last one since it was {@link #free}. */
  public synchronized Optional<Device> take() {
    Optional<Device> device = Optional.ofNullable(resting.poll());
    device.ifPresent(busy::add);
    return device;
  }

  public synchronized void giveBack(Device device) {
    busy.remove(device);
    long listed = turns.stream().filter(device::equals).count();
    long used =
        busy.stream().filter(device::equals).count()
            + resting.stream().filter(device::equals).count();
    if (used < listed) {
      resting.add(device);
    }
  }
}
