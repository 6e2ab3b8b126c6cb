package dev.onecycle.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GpuTest {

  private static final List<Gpu> THREE =
      Gpu.parse(
          """
          GPU-5f2c1a00-0000-0000-0000-000000000001, NVIDIA H100 80GB HBM3
          GPU-77aa0000-0000-0000-0000-000000000002, NVIDIA H100 80GB HBM3
          GPU-c0de0000-0000-0000-0000-000000000003, NVIDIA A2
          """);

  @Test
  void readsWhatTheDriverSays() {
    assertThat(THREE).extracting(Gpu::name).endsWith("NVIDIA A2").hasSize(3);
    assertThat(THREE.get(0).uuid()).isEqualTo("GPU-5f2c1a00-0000-0000-0000-000000000001");
    assertThat(Gpu.parse("NVIDIA-SMI has failed because it couldn't communicate\n")).isEmpty();
  }

  @Test
  void keepsWhatTheProcessMaySeeInItsOrder() {
    assertThat(Gpu.select(THREE, null)).isEqualTo(THREE);
    assertThat(Gpu.select(THREE, "2, 0")).containsExactly(THREE.get(2), THREE.get(0));
    assertThat(Gpu.select(THREE, "GPU-77aa")).containsExactly(THREE.get(1));
    assertThat(Gpu.select(THREE, "7,MIG-1")).containsExactly(Gpu.UNKNOWN, Gpu.UNKNOWN);
  }
}
