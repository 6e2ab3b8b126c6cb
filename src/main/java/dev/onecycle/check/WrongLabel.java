package dev.onecycle.check;

import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.Objective;
import java.io.PrintStream;

/**
 * A process that hands a device a label that does not exist, and then a right one, and says on a
 * line each what came of it.
 */
final class WrongLabel {

  static final String COMPUTES = "computes";

  private WrongLabel() {}

  /** Does so on the device that the first argument names. */
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // What libraries say is no answer.
    Torch torch = Torch.start(1, null);
    try (TorchExecutor executor = new TorchExecutor(torch, "wrong", Device.parse(args[0]))) {
      for (long label : new long[] {Subject.CLASSES, 0}) {
        answers.println(executor.call(() -> outcome(label)));
      }
    }
    // Without the orderly end of an engine whose device is gone.
    Runtime.getRuntime().halt(0);
  }

  private static String outcome(long label) {
    try (Scope scope = Scope.open()) {
      Objective objective = new Objective(0);
      Tensor logits = Tensor.zeros(1, Subject.CLASSES);
      float loss = objective.loss(logits, Tensor.of(new long[] {label}, 1)).item(); // sync point
      return loss > 0 ? COMPUTES : "a loss of " + loss;
    } catch (TorchException e) {
      return e.kind().toString();
    }
  }
}
