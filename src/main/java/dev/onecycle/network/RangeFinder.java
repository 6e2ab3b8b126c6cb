package dev.onecycle.network;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for a network's {@link ActivationRanges}: it computes in float32 and remembers what
 * the numbers between its layers reach. For the torch thread that made it alone; closing it frees
 * the weights.
 */
public final class RangeFinder implements AutoCloseable {

  private final ScriptForm network;
  private final float[] low;
  private final float[] high;

  /** Makes one for pictures of {@code size}. */
  public RangeFinder(StateDict state, int size) {
    Architecture architecture = state.layout().architecture();
    network = new ScriptForm(new RangeScript(architecture).write(), state, size, false);
    int places = 1 + architecture.convLayers().size();
    low = new float[places];
    high = new float[places];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
  }

  /**
   * Looks at pictures.
   *
   * @param pictures [N, S, S, 3] float32, normalised
   */
  public void look(Tensor pictures) {
    try (Scope scope = Scope.open()) {
      List<Tensor> answer = network.answer(pictures);
      float[] lowest = answer.get(1).floats();
      float[] highest = answer.get(2).floats();
      for (int i = 0; i < low.length; i++) {
        low[i] = Math.min(low[i], lowest[i]); // NaN where one of them is
        high[i] = Math.max(high[i], highest[i]);
      }
    }
  }

  /**
   * Returns the smallest and the largest of all that it looked at; null if that was nothing, or
   * something in it was no number.
   */
  public @Nullable ActivationRanges ranges() {
    List<Float> lowest = new ArrayList<>();
    List<Float> highest = new ArrayList<>();
    for (int i = 0; i < low.length; i++) {
      if (!Float.isFinite(high[i] - low[i])) {
        return null;
      }
      lowest.add(low[i]);
      highest.add(high[i]);
    }
    return new ActivationRanges(lowest, highest);
  }

  @Override
  public void close() {
    network.close();
  }
}
