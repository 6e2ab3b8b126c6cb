package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Contract;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The description of the routes against their answers. Every test with a server adds to what is
 * known of them, so the build runs this one by itself when all others have ended.
 */
class ContractIT {

  @Test
  @EnabledIfSystemProperty(
      named = "onecycle.answers",
      matches = ".*",
      disabledReason = "only all tests together meet everything that is described")
  void whatIsDescribedHasBeenMet() throws IOException {
    assertThat(Contract.promises()).isEmpty();
  }
}
