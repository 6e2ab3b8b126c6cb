package dev.onecycle.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** In which order buffers are filled again, with a device that copies as late as it may. */
class RingTest {

  private final Set<Integer> notCopied = new HashSet<>();
  private final Ring<Integer> ring = new Ring<>(List.of(1, 2, 3), notCopied::clear);

  @Test
  void noBufferIsFilledBeforeItWasCopied() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int step = 0; step < 1_000; step++) {
      Integer buffer = ring.take();
      assertThat(notCopied).doesNotContain(buffer);
      if (random.nextInt(4) == 0) {
        ring.unsent(buffer);
      } else {
        notCopied.add(buffer);
        ring.sent(buffer);
      }
    }
  }

  @Test
  void waitsForTheDeviceOnlyWhenNoBufferIsFree() {
    for (int i = 0; i < 3; i++) {
      Integer buffer = ring.take();
      notCopied.add(buffer);
      ring.sent(buffer);
    }
    assertThat(notCopied).hasSize(3);

    ring.take();
    assertThat(notCopied).isEmpty();
  }

  @Test
  void whatIsBeingFilledIsNotThere() {
    ring.take();
    ring.take();
    ring.take();
    assertThatThrownBy(ring::take).hasMessageContaining("being filled");
  }
}
