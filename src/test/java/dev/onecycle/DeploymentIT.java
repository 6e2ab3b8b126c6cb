package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Docker;
import dev.onecycle.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is delivered around the jar, by the tools that it is made for. */
class DeploymentIT {

  @Test
  void itsToolsFindNothingWrong() throws Exception {
    Docker.require();

    String said =
        Program.run(Path.of("").toAbsolutePath(), Map.of(), List.of("src/test/sh/check-deployment"))
            .succeeded();

    System.out.println(said);
    assertThat(said).contains("checked: docker-compose.yml in the profile gpu");
  }

  /** Two minutes: containers start, a run moves from a killed worker to the other. */
  @Test
  @Tag("proof")
  void theComposedSystemWorksFromOutside() throws Exception {
    Docker.require();

    String said =
        Program.run(
                Path.of("").toAbsolutePath(),
                Map.of("ONECYCLE_IMAGE", Docker.image()),
                List.of("src/test/sh/compose-story"))
            .succeeded();

    assertThat(said).endsWith("story: done");
  }

  /** On a stand-in for CUDA's PyTorch: the same folders, with libraries for processors in them. */
  @Test
  @Tag("proof")
  void theImageForGpusTakesTheLibrariesOfItsBase() throws Exception {
    Docker.require();
    String base = "onecycle:gpu-base";
    String image = "onecycle:gpu-test";
    Docker.build("--build-arg=CPU_IMAGE=" + Docker.image(), "-t", base, "src/test/docker/gpu-base");
    Docker.build(
        "--target=gpu", "--build-arg=JAR=built", "--build-arg=GPU_BASE=" + base, "-t", image, ".");

    String container =
        Docker.run(
            "run",
            "-d",
            "--network=none",
            "--read-only",
            "--tmpfs=/tmp",
            "-e",
            "PYTORCH_FLAVOR=cpu",
            image);
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(
              () ->
                  Docker.run("inspect", "-f", "{{.State.Health.Status}}", container)
                      .equals("healthy"));
      assertThat(Docker.run("exec", container, "cat", "/proc/1/maps"))
          .contains("/site-packages/torch/lib/libtorch_cpu.so", "/opt/onecycle/onecycle.aot");
    } finally {
      Docker.run("rm", "-f", "-v", container);
    }
  }
}
