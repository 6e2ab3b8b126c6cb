package dev.onecycle.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.torch.Device;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DevicesTest {

  private static final Device FIRST = new Device(true, 0);
  private static final Device SECOND = new Device(true, 1);

  private final Devices devices = new Devices(host(2), properties(0));

  /** A host that nobody has, with so many GPUs. */
  static Host host(int gpus) {
    List<WorkerDevice> devices =
        IntStream.range(0, gpus)
            .mapToObj(i -> new WorkerDevice("cuda:" + i, "a GPU", null, true))
            .toList();
    return new Host("host", 1, devices);
  }

  static WorkerProperties properties(int slots) {
    return new WorkerProperties(slots, Duration.ofSeconds(5), 1, 1, Duration.ofMinutes(5));
  }

  @Test
  void hasASlotForEachGpuUnlessToldOtherwise() {
    assertThat(devices.slots().getMaximumPoolSize()).isEqualTo(2);
    assertThat(new Devices(host(2), properties(3)).slots().getMaximumPoolSize()).isEqualTo(3);
    assertThat(new Devices(host(0), properties(0)).slots().getMaximumPoolSize()).isEqualTo(1);
  }

  @Test
  void givesTheOneThatRestedLongest() {
    assertThat(devices.any()).isFalse();
    devices.equip(List.of(FIRST, SECOND));
    assertThat(devices.any()).isTrue();
    assertThat(devices.take()).contains(FIRST);
    assertThat(devices.take()).contains(SECOND);
    assertThat(devices.free()).isFalse();
    assertThat(devices.take()).isEmpty();
    devices.giveBack(SECOND);
    devices.giveBack(FIRST);
    assertThat(devices.take()).contains(SECOND);
    assertThat(devices.take()).contains(FIRST);
  }

  @Test
  void aDeviceThatWasLostIsNotTakenAgain() {
    devices.equip(List.of(FIRST, SECOND));
    Device lost = devices.take().orElseThrow();
    devices.equip(List.of(SECOND));
    assertThat(devices.slots().getMaximumPoolSize()).isEqualTo(1);
    devices.giveBack(lost);
    assertThat(devices.take()).contains(SECOND);
    assertThat(devices.take()).isEmpty();
  }

  @Test
  void whatARunWorksOnIsNotOfferedTwice() {
    devices.equip(List.of(FIRST));
    assertThat(devices.take()).contains(FIRST);
    devices.equip(List.of(FIRST, SECOND));
    assertThat(devices.take()).contains(SECOND);
    assertThat(devices.take()).isEmpty();
    devices.giveBack(FIRST);
    assertThat(devices.take()).contains(FIRST);
  }
}
