package dev.onecycle.check;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;

/**
 * Memory that is not there is refused as that, and nothing is broken by it: the device trains on
 * once there is room. A GPU is filled first, and refused a training step too.
 */
final class OutOfMemoryCheck implements Check {

  /** Of float32: more than any address space has. */
  private static final long TOO_MANY = 1L << 55;

  private static final long BLOCK = 1L << 26;

  private static final String GIVEN = "given";
  private static final String REFUSED = "refused for want of memory";

  @Override
  public String name() {
    return "out-of-memory";
  }

  @Override
  public Finding of(Subject subject) throws Exception {
    Finding.Notes notes = new Finding.Notes();
    subject.compute(
        () -> {
          try (Scope scope = Scope.open()) {
            String absurd = outcome(() -> Tensor.zeros(TOO_MANY));
            notes.put("what no memory has", absurd);
            notes.require(absurd.equals(REFUSED), "it answers for 128 PB: " + absurd);
          }
          if (subject.extent().blocks() > 0) {
            fill(subject, notes);
          }
          Torch.releaseMemory();
          try (TrainSubject training = subject.training()) {
            float loss = training.steps(1);
            notes.put("the loss of a step afterwards", loss);
            notes.require(Float.isFinite(loss), "it does not train afterwards");
          }
          return true;
        });
    return notes.finding();
  }

  private static void fill(Subject subject, Finding.Notes notes) {
    try (TrainSubject training = subject.training()) {
      int blocks = 0;
      String last = GIVEN;
      try (Scope filled = Scope.open()) {
        while (last.equals(GIVEN) && blocks < subject.extent().blocks()) {
          last = outcome(() -> Tensor.zeros(BLOCK));
          blocks++;
        }
        notes.put("blocks of 256 MB until it is full", blocks);
        notes.put("the last of them", last);
        notes.require(last.equals(REFUSED), "a full device answers a block: " + last);
        // It may still fit into what the engine keeps for later.
        notes.put("a training step beside them", outcome(() -> training.steps(1)));
      }
      Torch.releaseMemory();
      String afterwards = outcome(() -> training.steps(1));
      notes.put("the same step without them", afterwards);
      notes.require(afterwards.equals(GIVEN), "a step after it was full: " + afterwards);
    }
  }

  private static String outcome(Runnable attempt) {
    try {
      attempt.run();
      return GIVEN;
    } catch (TorchException e) {
      boolean memory = e.kind() == TorchException.Kind.OUT_OF_MEMORY;
      return memory ? REFUSED : e.kind() + ", " + e.getMessage();
    }
  }
}
