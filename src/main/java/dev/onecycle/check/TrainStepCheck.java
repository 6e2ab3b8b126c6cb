package dev.onecycle.check;

import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import java.util.concurrent.TimeUnit;

/**
 * Whole training steps at each size and batch, as far as the device's memory goes: how many
 * pictures a second, what is in use afterwards, and whether the loss on the same pictures falls.
 */
final class TrainStepCheck implements Check {

  /** Enough for the engine to have chosen its algorithms, and for the loss to begin to fall. */
  private static final int WARM_UP = 3;

  @Override
  public String name() {
    return "train-step";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    notes.put("precision", subject.precision().toString());
    for (int size : subject.extent().sizes()) {
      for (int batch : subject.extent().batches()) {
        String shape = "%dpx batch %d".formatted(size, batch);
        try {
          subject.compute(
              () -> {
                measure(subject, size, batch, shape, notes);
                return shape;
              });
        } catch (TorchException e) {
          if (e.kind() != TorchException.Kind.OUT_OF_MEMORY) {
            throw e;
          }
          notes.put(shape, "no memory");
          notes.require(batch > subject.extent().smallestBatch(), "no memory for " + shape);
        }
        Torch.releaseMemory();
      }
    }
    return notes.finding();
  }

  private static void measure(
      Subject subject, int size, int batch, String shape, Finding.Notes notes) {
    int steps = subject.extent().steps();
    try (TrainSubject training =
        new TrainSubject(subject.untrained(), subject.numerics(), batch, size)) {
      float first = training.steps(1);
      training.steps(WARM_UP - 1);
      long begun = System.nanoTime();
      float last = training.steps(steps);
      double seconds = (System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
      notes.put(shape + ", images/s", steps * batch / seconds);
      notes.put(shape + ", MB in use", subject.usedMegabytes());
      notes.require(
          last < first,
          "%s: the loss on the same pictures went from %s to %s".formatted(shape, first, last));
    }
  }
}
