package dev.onecycle.training;

import dev.onecycle.recipe.Stretch;
import dev.onecycle.training.TrainingPlan.Part;
import java.util.ArrayList;
import java.util.List;

/** The parts of a phase in the making; what is alike becomes one. */
final class PartList {

  private final List<Part> parts = new ArrayList<>();

  List<Part> copy() {
    return List.copyOf(parts);
  }

  void addAll(List<Part> others) {
    others.forEach(part -> add(part.fit(), part.stretch(), part.stretch().epochs(), part));
  }

  void addEpochsOf(List<Part> others, int epochs) {
    int left = epochs;
    for (Part part : others) {
      int taken = Math.min(left, part.stretch().epochs());
      add(part.fit(), part.stretch(), taken, part);
      left -= taken;
    }
  }

  private void add(int fit, Stretch in, int epochs, Part like) {
    add(fit, in, epochs, like.stepsPerEpoch());
  }

  /**
   * Adds so many more steps of a stretch, in epochs that are as equal as they can be.
   *
   * @param wholeEpoch the most steps of an epoch
   * @param begun steps that are done of the first epoch
   */
  void add(int fit, Stretch in, int wholeEpoch, int begun, long steps) {
    long all = begun + steps;
    long epochs = (all + wholeEpoch - 1) / wholeEpoch;
    if (begun > 0) {
      long first = Math.max(begun, (all + epochs - 1) / epochs);
      add(fit, in, 1, Math.toIntExact(first));
      all -= first;
      epochs--;
    }
    if (all > 0) {
      long each = all / epochs;
      long longer = all % epochs;
      add(fit, in, (int) longer, (int) each + 1);
      add(fit, in, (int) (epochs - longer), (int) each);
    }
  }

  private void add(int fit, Stretch in, int epochs, int stepsPerEpoch) {
    if (epochs == 0) {
      return;
    }
    int last = parts.size() - 1;
    Part before = last < 0 ? null : parts.get(last);
    int together = epochs;
    if (before != null
        && before.fit() == fit
        && before.stepsPerEpoch() == stepsPerEpoch
        && before.stretch().size() == in.size()
        && before.stretch().batchSize() == in.batchSize()) {
      together += before.stretch().epochs();
      parts.remove(last);
    }
    parts.add(new Part(fit, new Stretch(in.size(), in.batchSize(), together), stepsPerEpoch));
  }
}
