package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.onecycle.testing.Dashboard;
import dev.onecycle.testing.Docker;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Walk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/walk.md tells a newcomer to paste works, and leaves nothing behind. Where Docker is,
 * {@link ImageIT} walks.
 */
class WalkIT extends OpenServer {

  @TempDir private Path directory;

  @Test
  void theWalkWorksAsItIsWritten() throws Exception {
    assumeFalse(Docker.isHere(), "ImageIT walks");
    Walk.against(http().uri(""), "none", directory);

    assertThat(http().get("/api/v1/models/shapes").status()).isEqualTo(404);
    Dashboard.requireItsMetricsIn(http().get("/actuator/prometheus").text());
  }
}
