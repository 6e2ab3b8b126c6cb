package dev.onecycle;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The story of {@link FleetStory} with two hundred runs and an outage of a minute. */
@Tag("proof")
class FleetProofIT {

  @Nested
  class TwoWorkers extends FleetStory {
    TwoWorkers() {
      super(2, 200, Duration.ofSeconds(5), Duration.ofMinutes(1));
    }
  }

  @Nested
  class FourWorkers extends FleetStory {
    FourWorkers() {
      super(4, 200, Duration.ofSeconds(5), Duration.ofMinutes(1));
    }
  }
}
