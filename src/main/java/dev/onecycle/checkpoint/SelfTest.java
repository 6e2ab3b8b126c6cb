package dev.onecycle.checkpoint;

import dev.onecycle.image.Chain;
import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a checkpoint's network about a few pictures before its weights were stored. The
 * pictures are drawn from a seed, so that whoever loads the weights, in whatever form, can ask the
 * same again: preprocessing, weights and arithmetic are right if it answers the same.
 *
 * @param seed where the pictures are drawn from
 * @param logits of each picture one number a label, by the training network in float32
 * @param chain that made the network's input of them, which need not be the one that its
 *     predictions are made with; null in those from before there were several
 */
public record SelfTest(long seed, List<List<Float>> logits, Chain chain) {

  /** How many pictures there are. */
  public static final int PICTURES = 3;

  private static final long SEED = 1;

  /** Of a checkpoint that never did one: any numbers will do. */
  public static final SelfTest UNKNOWN = new SelfTest(SEED, List.of(), Chain.FASTAI);

  /** Cells of one colour along each side of a picture: shapes, under which noise is texture. */
  private static final int CELLS = 6;

  private static final double TEXTURE = 0.3;

  public SelfTest {
    logits = logits.stream().map(List::copyOf).toList();
    chain = chain == null ? Chain.SHARP : chain;
  }

  /**
   * Asks the training network, on the calling torch thread.
   *
   * @return null if it answers with anything but numbers
   */
  static @Nullable SelfTest of(Manifest manifest, StateDict state) {
    Preprocessing preprocessing = manifest.preprocessing();
    int size = preprocessing.size();
    float[] logits;
    try (Network network = new Network(state, Numerics.REFERENCE);
        Scope scope = Scope.open()) {
      Tensor input = Tensor.of(input(preprocessing, SEED), PICTURES, size, size, 3);
      logits = network.evaluate(input).floats();
    }
    List<List<Float>> rows = new ArrayList<>();
    int classes = logits.length / PICTURES;
    for (int from = 0; from < logits.length; from += classes) {
      List<Float> row = new ArrayList<>();
      for (int k = from; k < from + classes; k++) {
        row.add(logits[k]);
      }
      rows.add(row);
    }
    SelfTest test = new SelfTest(SEED, rows, preprocessing.chain());
    return Double.isFinite(test.deviation(logits)) ? test : null;
  }

  /** Returns the pictures as the network sees them, [{@value #PICTURES}, size, size, 3]. */
  public FloatBuffer input(Preprocessing preprocessing) {
    return input(preprocessing.by(chain), seed);
  }

  private static FloatBuffer input(Preprocessing preprocessing, long seed) {
    Views views = preprocessing.views();
    FloatBuffer input = FloatBuffer.allocate(PICTURES * views.length());
    for (int i = 0; i < PICTURES; i++) {
      Picture picture = draw(preprocessing.itemSize(), new Seed(seed).child(i).generator());
      views.validView(picture, input, i * views.length());
    }
    return input;
  }

  /** Returns a picture that is larger than a network sees it, and wider than tall. */
  private static Picture draw(int itemSize, RandomGenerator random) {
    int width = 2 * itemSize;
    int height = 3 * itemSize / 2;
    int[] cells = random.ints(CELLS * CELLS * 3L, 0, 256).toArray();
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int cell = y * CELLS / height * CELLS + x * CELLS / width;
        int texture = random.nextInt(256);
        for (int c = 0; c < 3; c++) {
          double value = (1 - TEXTURE) * cells[cell * 3 + c] + TEXTURE * texture;
          rgb[(y * width + x) * 3 + c] = (byte) value;
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /**
   * Returns the largest difference between these logits and the recorded ones, in units of the
   * largest recorded one or of 1, whichever is larger; not finite where one of them is no number.
   *
   * @param answered [{@value #PICTURES}, labels]
   */
  public double deviation(float[] answered) {
    double largest = 0;
    for (float logit : answered) {
      largest += 0 * logit; // NaN where it is no number
    }
    double unit = 1;
    int i = 0;
    for (List<Float> row : logits) {
      for (float expected : row) {
        double difference = Math.abs(answered[i++] - (double) expected);
        largest = Math.max(largest, difference); // NaN where one of them is
        unit = Math.max(unit, Math.abs(expected));
      }
    }
    return largest / unit;
  }
}
