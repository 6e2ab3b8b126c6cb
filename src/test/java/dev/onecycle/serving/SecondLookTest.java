package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.serving.SecondLook.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecondLookTest {

  /** After 20 ms every view takes 10 more. */
  private static SecondLook after(double margin, Integer budgetMillis) {
    Duration budget = budgetMillis == null ? null : Duration.ofMillis(budgetMillis);
    return SecondLook.after(margin, budget, more -> Duration.ofMillis(20 + 10L * more));
  }

  @Test
  void aWideMarginNeedsNoMoreViews() {
    SecondLook clear = new SecondLook(0.9, ViewChoice.NONE, Reason.CLEAR);
    assertThat(after(0.9, null)).isEqualTo(clear);
    assertThat(after(0.9, 1)).isEqualTo(clear);
    assertThat(after(SecondLook.CLEAR_MARGIN, null).reason()).isEqualTo(Reason.CLEAR);
  }

  @Test
  void aNarrowOneTakesWhatTheBudgetAllows() {
    assertThat(after(0.1, null)).isEqualTo(new SecondLook(0.1, ViewChoice.FOUR, Reason.CLOSE));
    assertThat(after(0.1, 60).views()).isEqualTo(ViewChoice.FOUR);
    assertThat(after(0.1, 59)).isEqualTo(new SecondLook(0.1, ViewChoice.FLIP, Reason.BUDGET));
    assertThat(after(0.1, 29)).isEqualTo(new SecondLook(0.1, ViewChoice.NONE, Reason.BUDGET));
  }

  @Test
  void aFullQueueIsNoFailure() {
    assertThat(after(0.1, null).refused())
        .isEqualTo(new SecondLook(0.1, ViewChoice.NONE, Reason.BUSY));
  }
}
