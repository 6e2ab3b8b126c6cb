package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Ten classes: guessing costs 2.3, so 6.9 is the least that can be an explosion. */
class ExplosionTest {

  @Test
  void fiftyBatchesFarAboveTheBestAndAboveGuessing() {
    assertThat(explodesAt(batch -> batch < 100 ? 0.5 : 20)).isEqualTo(149);
  }

  @Test
  void alsoOneThatNeverLearned() {
    assertThat(explodesAt(batch -> batch < 10 ? 2.3 : 1e6)).isEqualTo(59);
  }

  @Test
  void aSpikeIsNone() {
    assertThat(explodesAt(batch -> batch % 50 == 49 ? 0.5 : 1e3, 0.5)).isEqualTo(-1);
  }

  @Test
  void tenTimesAlmostNothingIsNone() {
    assertThat(explodesAt(batch -> batch < 100 ? 0.01 : 3)).isEqualTo(-1);
  }

  @Test
  void aBeginningWorseThanGuessingIsNone() {
    assertThat(explodesAt(batch -> Math.max(1, 12 - batch * 0.05))).isEqualTo(-1);
  }

  private static int explodesAt(IntToDoubleFunction losses) {
    return explodesAt(losses, Double.NaN);
  }

  /** The batch at which the losses explode, or -1; {@code smoothed} NaN means as they are. */
  private static int explodesAt(IntToDoubleFunction losses, double smoothed) {
    Explosion explosion = new Explosion(10);
    SmoothedLoss average = new SmoothedLoss();
    for (int batch = 0; batch < 400; batch++) {
      double loss = losses.applyAsDouble(batch);
      average.add(loss);
      if (explosion.after(loss, Double.isNaN(smoothed) ? average.value() : smoothed)) {
        return batch;
      }
    }
    return -1;
  }
}
