package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.network.Parameters;
import dev.onecycle.network.Weights;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class WeightAverageTest {

  private static Weights weights(float decayed, float plain, float statistics) {
    return new Weights(new Parameters(number(decayed), number(plain)), number(statistics));
  }

  private static Tensor number(float value) {
    return Tensor.of(new float[] {value}, 1);
  }

  @Test
  void followsTheFormulaInEveryVectorStatisticsIncluded() {
    double decay = 0.9;
    float[][] course = {{1, 10, 100}, {2, -5, 90}, {4, 0, 130}, {-8, 3, 70}};
    double[] expected = {1, 10, 100};
    Weights start = weights(1, 10, 100);
    try (WeightAverage averaging = new WeightAverage(start, decay)) {
      for (int step = 1; step < course.length; step++) {
        averaging.add(weights(course[step][0], course[step][1], course[step][2]));
        for (int i = 0; i < 3; i++) {
          expected[i] = decay * expected[i] + (1 - decay) * course[step][i];
        }
        Weights average = averaging.average();
        assertThat((double) average.parameters().decayed().item())
            .isCloseTo(expected[0], within(1e-5));
        assertThat((double) average.parameters().plain().item())
            .isCloseTo(expected[1], within(1e-5));
        assertThat((double) average.statistics().item()).isCloseTo(expected[2], within(1e-4));
      }
    }
    assertThat(start.parameters().decayed().item()).isEqualTo(1);
  }
}
