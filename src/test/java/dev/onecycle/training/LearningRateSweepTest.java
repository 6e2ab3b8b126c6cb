package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Goldens;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Rates, smoothing, the end and the suggestions of a sweep, against a real one of fastai's. */
class LearningRateSweepTest {

  private static final JsonNode RUN = Goldens.json("H_lr_find/lr_find.json").get("real_run");

  private static LearningRateSweep fed(double... losses) {
    LearningRateSweep sweep = new LearningRateSweep();
    for (double loss : losses) {
      assertThat(sweep.isOver()).isFalse();
      sweep.add(loss);
    }
    return sweep;
  }

  @Test
  void followsFastaisRunStepByStepToItsEnd() {
    LearningRateSweep sweep = new LearningRateSweep();
    for (int step = 0; step < RUN.get("n_recorded").asInt(); step++) {
      assertThat(sweep.isOver()).as("over before step %d", step).isFalse();
      double rate = RUN.get("lrs").get(step).asDouble();
      assertThat(sweep.rate()).isCloseTo(rate, within(1e-12 * rate));
      sweep.add(RUN.get("raw_losses").get(step).asDouble());
      assertThat(sweep.loss())
          .isCloseTo(RUN.get("smooth_losses").get(step).asDouble(), within(1e-5));
    }
    assertThat(sweep.isOver()).isTrue();
    LearningRateCurve curve = sweep.curve();
    assertThat(curve.losses()).hasSameSizeAs(curve.learningRates()).hasSize(92);
    JsonNode suggested = RUN.get("returned");
    LearningRateSuggestion found = curve.suggestion();
    assertThat(found.valley()).isEqualTo(suggested.get("valley").asDouble());
    assertThat(found.slide()).isEqualTo(suggested.get("slide").asDouble());
    assertThat(found.minimum()).isCloseTo(suggested.get("minimum").asDouble(), within(1e-15));
    assertThat(found.steep()).isEqualTo(suggested.get("steep").asDouble());
  }

  @Test
  void endsAfterAHundredSteps() {
    double[] losses = new double[100];
    Arrays.setAll(losses, i -> 3 - i / 100.0);
    LearningRateSweep sweep = fed(losses);
    assertThat(sweep.isOver()).isTrue();
    assertThat(sweep.curve().learningRates()).hasSize(100);
  }

  /** fastai goes on with losses that are no numbers and cuts its lists at the first. */
  @Test
  void aLossThatIsNoNumberEndsItAndIsNotShown() {
    double[] losses = new double[61];
    Arrays.setAll(losses, i -> i < 60 ? 3 - i / 50.0 : Double.NaN);
    LearningRateSweep sweep = fed(losses);
    assertThat(sweep.isOver()).isTrue();
    LearningRateCurve curve = sweep.curve();
    assertThat(curve.losses()).hasSize(60);
    assertThat(curve.suggestion().minimum())
        .isCloseTo(curve.learningRates()[59] / 10, within(1e-9));
  }

  @Test
  void anEarlyEndSuggestsNothing() {
    LearningRateSweep sweep = fed(1, 1000);
    assertThat(sweep.isOver()).isTrue();
    assertThatThrownBy(sweep::curve).isInstanceOf(Failure.Invalid.class);
  }
}
