package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ModelTest {

  private final Model model = new Model(UUID.randomUUID(), "name");
  private final UUID first = UUID.randomUUID();
  private final UUID second = UUID.randomUUID();
  private final UUID third = UUID.randomUUID();

  private void serve(UUID... checkpoints) {
    for (UUID checkpoint : checkpoints) {
      model.pointAt(checkpoint, Instant.EPOCH);
    }
  }

  @Test
  void aFreshOneHasNoPredecessors() {
    serve(first, first);
    assertThat(model.predecessors()).isEmpty();
    assertThat(model.history()).hasSize(1);
  }

  @Test
  void theLatestPredecessorComesFirst() {
    serve(first, second, third);
    assertThat(model.predecessors()).containsExactly(second, first);
    serve(second);
    assertThat(model.predecessors()).containsExactly(third, first);
  }
}
