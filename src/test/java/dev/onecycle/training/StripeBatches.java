package dev.onecycle.training;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The goldens' stripes: six training batches of 8, validation batches of 8, 8 and 5. */
record StripeBatches(int[] sizes, double scale) implements Batches {

  @Override
  public int stepsPerEpoch(int phase, int epoch) {
    return 6;
  }

  @Override
  public Pass train(Position from, Stretch in) {
    int size = sizes[from.phase() - 1];
    return pass(IntStream.range(from.step(), 6).mapToObj(t -> batch(8, size, t)).iterator());
  }

  @Override
  public Pass valid(int phase) {
    int size = sizes[phase - 1];
    return pass(List.of(batch(8, size, 100), batch(8, size, 101), batch(5, size, 102)).iterator());
  }

  @Override
  public boolean leaky(int phase) {
    return false;
  }

  @Override
  public long takeWaitedNanos() {
    return 0;
  }

  @Override
  public void close() {}

  private static Pass pass(Iterator<Batch> batches) {
    return new Pass() {
      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public Batch next() {
        return batches.next();
      }

      @Override
      public void close() {}
    };
  }

  private Batch batch(int n, int size, int t) {
    float[] pixels = new float[n * size * size * 3];
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      int k = (3 * i + t) % 10;
      labels[i] = k;
      int period = 2 + (k % 5) * 2;
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          int along = k < 5 ? x : y;
          int stripe = (along * 64 / size / period) % 2;
          for (int c = 0; c < 3; c++) {
            long place = ((i * 3L + c) * size + y) * size + x;
            int sign = (k + c) % 2 == 0 ? 1 : -1;
            pixels[((i * size + y) * size + x) * 3 + c] =
                (float)
                    (scale * (0.5 * (2 * stripe - 1) * sign + 0.5 * Goldens.random(4, t, place)));
          }
        }
      }
    }
    return new Batch(shape -> Tensor.of(pixels, shape), size, labels);
  }
}
