package dev.onecycle.training;

import dev.onecycle.network.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Everything that a trainer told, and the weights after each epoch. */
record HeardTraining(List<Step> steps, List<Epoch> epochs, List<StateDict> weights)
    implements TrainingListener {

  HeardTraining() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  @Override
  public void onStep(Step step) {
    steps.add(step);
  }

  @Override
  public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
    epochs.add(epoch);
    this.weights.add(weights.get());
  }

  /** The loss of every step. */
  List<Double> losses() {
    return steps.stream().map(Step::loss).toList();
  }
}
