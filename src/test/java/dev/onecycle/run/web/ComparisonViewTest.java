package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.run.RunState;
import dev.onecycle.run.history.EpochRecord;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparisonViewTest {

  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  /** An epoch that was not validated has only a training loss to be the best by. */
  @Test
  void theBestAreAmongWhatWasMeasured() {
    ComparisonView view =
        ComparisonView.of(
            List.of(
                curves(ONE, epoch(0, 0.9, null, null), epoch(1, 1.1, 0.8, 0.7)),
                curves(OTHER, epoch(0, 1.0, 0.9, 0.7), epoch(1, 2.0, 0.7, 0.6))),
            List.of());
    assertThat(view.best().get("accuracy"))
        .isEqualTo(new ComparisonView.Best(ONE, 1, 1, 0.7, false));
    assertThat(view.best().get("validLoss"))
        .isEqualTo(new ComparisonView.Best(OTHER, 1, 1, 0.7, false));
    assertThat(view.best().get("trainLoss"))
        .isEqualTo(new ComparisonView.Best(ONE, 1, 0, 0.9, false));
    assertThat(ComparisonView.of(List.of(curves(ONE)), List.of()).best()).isEmpty();
  }

  private static EpochRecord epoch(int epoch, double train, Double valid, Double accuracy) {
    return new EpochRecord(1, epoch, train, valid, accuracy, 1e-3, 1, 100, false);
  }

  private static ComparisonView.Curves curves(UUID run, EpochRecord... epochs) {
    return new ComparisonView.Curves(
        run, "a", "train", RunState.SUCCEEDED, null, null, null, null, 2, List.of(epochs));
  }
}
