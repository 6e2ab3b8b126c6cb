package dev.onecycle.check;

import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The network that serves answers what the processor's plain one does, as near as a checkpoint's
 * self-test demands, in the form that is made for the device; and how long it takes.
 */
final class ServingCheck implements Check {

  /** Of the largest logit, as the self-test of a checkpoint. */
  private static final double FLOAT32_TOLERANCE = 1e-3;

  private static final double BFLOAT16_TOLERANCE = 0.05;

  private static final int LARGEST = 8;

  private static final int[] BATCHES = {1, LARGEST};

  /** So many that the weights of all layers matter. */
  private static final int TRAINED = 10;

  private static final int PASSES = 10;

  @Override
  public String name() {
    return "serving";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    int size = subject.extent().sizes().get(subject.extent().sizes().size() - 1);
    StateDict state =
        subject.compute(
            () -> {
              try (TrainSubject training = subject.training()) {
                training.steps(TRAINED);
                return training.state();
              }
            });
    float[] pixels = pixels(LARGEST * size * size * 3);
    float[] expected =
        subject.computeOn(
            Device.CPU,
            () -> {
              try (Network plain = new Network(state, Numerics.REFERENCE);
                  Scope scope = Scope.open()) {
                return plain.evaluate(Tensor.of(pixels, LARGEST, size, size, 3)).floats();
              }
            });
    for (DType precision : new DType[] {DType.FLOAT32, subject.precision()}) {
      subject.compute(
          () -> {
            try (InferenceNetwork network = InferenceNetwork.of(state, precision, size)) {
              compare(network, precision, size, pixels, expected, notes);
            }
            return true;
          });
    }
    return notes.finding();
  }

  private static void compare(
      InferenceNetwork network,
      DType precision,
      int size,
      float[] pixels,
      float[] expected,
      Finding.Notes notes) {
    String name = precision + " at " + size + "px";
    double tolerance = precision == DType.FLOAT32 ? FLOAT32_TOLERANCE : BFLOAT16_TOLERANCE;
    try (Scope scope = Scope.open()) {
      float[] logits = network.logits(Tensor.of(pixels, LARGEST, size, size, 3)).floats();
      double off = deviation(logits, expected);
      notes.put(name + ", off", off);
      notes.require(
          off <= tolerance, "%s is off by %s > maximum %s".formatted(name, off, tolerance));
    }
    notes.require(
        network.refused() == null, name + " is not in the fastest form: " + network.refused());
    for (int batch : BATCHES) {
      notes.put("%s, ms a pass of %d".formatted(name, batch), milliseconds(network, batch, size));
    }
  }

  /** The largest difference as a share of the largest logit. */
  private static double deviation(float[] logits, float[] expected) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(logits[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  private static double milliseconds(InferenceNetwork network, int batch, int size) {
    float[] pixels = pixels(batch * size * size * 3);
    long begun = 0;
    for (int pass = -1; pass < PASSES; pass++) {
      begun = pass == 0 ? System.nanoTime() : begun;
      try (Scope scope = Scope.open()) {
        network.logits(Tensor.of(pixels, batch, size, size, 3)).floats(); // sync point
      }
    }
    return (System.nanoTime() - begun) / (double) TimeUnit.MILLISECONDS.toNanos(PASSES);
  }

  private static float[] pixels(int count) {
    RandomGenerator random = new Seed(4).generator();
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
