package dev.onecycle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class MishTest {

  /** Of more numbers than one piece, so that the last is a part of one. */
  private static final int[] SHAPE = {2, 33, 64, 65};

  private static final int NUMBERS = SHAPE[0] * SHAPE[1] * SHAPE[2] * SHAPE[3];

  private static final String SCRIPT =
      """
      def values(self, x: Tensor) -> Tensor:
        return self.mish(torch.view(x, [2, 33, 64, 65]))
      def channels_last(self, x: Tensor) -> Tensor:
        return self.mish(torch.permute(torch.view(x, [2, 64, 65, 33]), [0, 3, 1, 2]))
      def trained(self, x: Tensor) -> Tensor:
        return self.mish_with_gradient(torch.view(x, [2, 33, 64, 65]))
      def rounded(self, x: Tensor) -> Tensor:
        return torch.to(self.mish_with_gradient(torch.to(torch.view(x, [2, 33, 64, 65]), 15)), 6)
      def mean(self, x: Tensor) -> Tensor:
        return torch.mean(x)
      """;

  private static float[] inputs() {
    float[] inputs = new float[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      inputs[i] = (i * 7919L % NUMBERS) * 120f / NUMBERS - 60;
    }
    return inputs;
  }

  private static double value(double x) {
    return x * Math.tanh(Math.log1p(Math.exp(x)));
  }

  private static double slope(double x) {
    double tanh = Math.tanh(Math.log1p(Math.exp(x)));
    return tanh + x * (1 - tanh * tanh) / (1 + Math.exp(-x));
  }

  @Test
  void valuesAndSlopesAreTheFormulas() {
    float[] inputs = inputs();
    try (Script script = new Script(SCRIPT + Mish.value() + Mish.withGradient());
        Scope scope = Scope.open()) {
      float[] values = script.call("values", Tensor.of(inputs, NUMBERS)).floats();
      Tensor leaf = Tensor.of(inputs, NUMBERS).leaf();
      Tensor trained;
      try (var recording = Gradients.record()) {
        trained = script.call("trained", leaf);
        script.call("mean", trained).backward();
      }
      assertThat(trained.floats()).isEqualTo(values);
      float[] slopes = leaf.gradient().floats();
      for (int i = 0; i < NUMBERS; i++) {
        double expected = value(inputs[i]);
        assertThat((double) values[i]).isCloseTo(expected, within(2e-6 * Math.abs(expected)));
        assertThat((double) slopes[i] * NUMBERS).isCloseTo(slope(inputs[i]), within(2e-6));
      }
    }
  }

  @Test
  void eachNumberStaysInItsPlace() {
    float[] inputs = inputs();
    try (Script script = new Script(SCRIPT + Mish.value() + Mish.withGradient());
        Scope scope = Scope.open()) {
      float[] values = script.call("channels_last", Tensor.of(inputs, NUMBERS)).floats();
      // Channel by channel, as the tensor is read, not as it lies in memory.
      for (int i = 0; i < NUMBERS; i += 997) {
        int place = i % (64 * 65);
        int channel = i / (64 * 65) % 33;
        int picture = i / (64 * 65 * 33);
        double input = inputs[(picture * 64 * 65 + place) * 33 + channel];
        assertThat((double) values[i]).isCloseTo(value(input), within(1e-4));
      }
    }
  }

  @Test
  void lowPrecisionIsRoundedOnce() {
    float[] inputs = inputs();
    try (Script script = new Script(SCRIPT + Mish.value() + Mish.withGradient());
        Scope scope = Scope.open()) {
      Tensor leaf = Tensor.of(inputs, NUMBERS).leaf();
      Tensor rounded;
      try (var recording = Gradients.record()) {
        rounded = script.call("rounded", leaf);
        script.call("mean", rounded).backward();
      }
      float[] values = rounded.floats();
      float[] slopes = leaf.gradient().floats();
      // The gradient of the mean is rounded too, and its product with the slope.
      double share = bfloat16(1f / NUMBERS);
      for (int i = 0; i < NUMBERS; i++) {
        double input = bfloat16(inputs[i]);
        double value = value(input);
        assertThat((double) values[i]).isCloseTo(value, within(Math.abs(value) / 256));
        assertThat(slopes[i] / share).isCloseTo(slope(input), within(2.2 / 256));
      }
    }
  }

  private static float bfloat16(float x) {
    int bits = Float.floatToIntBits(x);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
  }
}
