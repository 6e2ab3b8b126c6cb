package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.recipe.EarlyStopping;
import dev.onecycle.recipe.EarlyStopping.Metric;
import org.junit.jupiter.api.Test;

class EarlyEndTest {

  private static int epochsUntilTheEnd(EarlyStopping rule, Validation... validations) {
    EarlyEnd early = new EarlyEnd(rule);
    for (int epoch = 1; epoch <= validations.length; epoch++) {
      if (early.after(validations[epoch - 1])) {
        return epoch;
      }
    }
    return -1;
  }

  private static Validation loss(double loss) {
    return new Validation(loss, 0.5);
  }

  private static Validation accuracy(double accuracy) {
    return new Validation(1, accuracy);
  }

  @Test
  void endsAfterAsManyEpochsWithoutImprovementAsThePatience() {
    EarlyStopping rule = new EarlyStopping(Metric.VALID_LOSS, 2);
    assertThat(epochsUntilTheEnd(rule, loss(3), loss(2), loss(2.5), loss(2.1))).isEqualTo(4);
    assertThat(epochsUntilTheEnd(rule, loss(3), loss(4), loss(2), loss(2), loss(1))).isEqualTo(-1);
  }

  @Test
  void equalIsNoImprovement() {
    EarlyStopping rule = new EarlyStopping(Metric.ACCURACY, 1);
    assertThat(epochsUntilTheEnd(rule, accuracy(0.5), accuracy(0.6), accuracy(0.6))).isEqualTo(3);
  }

  @Test
  void aLossThatIsNotANumberIsNoImprovement() {
    EarlyStopping rule = new EarlyStopping(Metric.VALID_LOSS, 1);
    assertThat(epochsUntilTheEnd(rule, loss(2), loss(Double.NaN))).isEqualTo(2);
  }

  @Test
  void withoutARuleNothingEnds() {
    assertThat(epochsUntilTheEnd(null, loss(1), loss(2), loss(3), loss(4))).isEqualTo(-1);
  }
}
