package dev.onecycle.network;

import dev.onecycle.platform.Seed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The state that training from scratch starts with. */
public final class Initialization {

  private Initialization() {}

  /**
   * Draws fastai's initial state: convolution and head weights normal with variance 2/fan-in (He et
   * al., "Delving Deep into Rectifiers", 2015), norms the identity except the last of each residual
   * branch, which starts at 0, biases 0; attention adds nothing yet.
   */
  public static StateDict random(Layout layout, Seed seed) {
    Map<String, float[]> values = new LinkedHashMap<>();
    int place = 0;
    for (Layout.Entry entry : layout.entries()) {
      Seed own = seed.child(place++);
      if (entry.kind() != Layout.Kind.BATCHES_TRACKED) {
        values.put(entry.name(), initial(entry, own));
      }
    }
    return new StateDict(layout, values, 0);
  }

  /**
   * Returns the state of {@code body} with the head of {@link #random} for {@code classes} labels.
   */
  public static StateDict withNewHead(StateDict body, int classes, Seed seed) {
    Layout layout = Layout.of(body.layout().architecture(), classes);
    Map<String, float[]> values = new LinkedHashMap<>();
    int place = 0;
    for (Layout.Entry entry : layout.entries()) {
      Seed own = seed.child(place++);
      if (entry.kind().ofHead()) {
        values.put(entry.name(), initial(entry, own));
      } else if (entry.kind() != Layout.Kind.BATCHES_TRACKED) { // one counter for all, below
        values.put(entry.name(), body.numbers(entry.name()));
      }
    }
    return new StateDict(layout, values, body.batchesTracked());
  }

  private static float[] initial(Layout.Entry entry, Seed seed) {
    float[] values = new float[entry.size()];
    switch (entry.kind()) {
      case CONV_WEIGHT, ATTENTION_WEIGHT, HEAD_WEIGHT -> {
        int fanIn = entry.size() / entry.shape().get(0);
        normal(values, Math.sqrt(2.0 / fanIn), seed);
      }
      case SINGULAR_VECTOR -> {
        normal(values, 1, seed);
        double squares = 0;
        for (float value : values) {
          squares += (double) value * value;
        }
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (values[i] / Math.sqrt(squares));
        }
      }
      case NORM_WEIGHT -> Arrays.fill(values, entry.zeroInit() ? 0 : 1);
      case RUNNING_VARIANCE -> Arrays.fill(values, 1);
      case NORM_BIAS, RUNNING_MEAN, BATCHES_TRACKED, GATE_BIAS, ATTENTION_GAMMA, HEAD_BIAS -> {}
    }
    return values;
  }

  private static void normal(float[] values, double deviation, Seed seed) {
    RandomGenerator random = seed.generator();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }
}
