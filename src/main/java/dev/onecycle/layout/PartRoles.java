package dev.onecycle.layout;

import java.util.List;
import java.util.function.UnaryOperator;

/** What a part called test is for: to validate where nothing else does. */
final class PartRoles {

  private PartRoles() {}

  static List<Placed> decided(List<Placed> placed, boolean byFolders, List<String> warnings) {
    long train = labelled(placed, Part.TRAIN);
    long valid = labelled(placed, Part.VALID);
    long test = labelled(placed, Part.TEST);
    if (test > 0 && train + valid == 0) {
      warnings.add(
          "test is the only part that has labels, so it was taken for no part: "
              + "its pictures are split like all others");
      return replaced(placed, part -> part == Part.TEST ? null : part);
    }
    if (test > 0 && valid == 0 && byFolders) {
      warnings.add(
          "test validates, because there is no other validation part: "
              + "the accuracies of runs are those of its %d pictures".formatted(test));
      return replaced(placed, part -> part == Part.TEST ? Part.VALID : part);
    }
    if (test > 0) {
      warnings.add(
          "the %d pictures of test are kept apart: evaluate on them with split test"
              .formatted(test));
    }
    if (valid > 0 && train == 0) {
      warnings.add("there is no training part beside valid, so everything is split at random");
    }
    return placed;
  }

  private static long labelled(List<Placed> placed, Part part) {
    return placed.stream().filter(one -> one.label() != null && one.part() == part).count();
  }

  private static List<Placed> replaced(List<Placed> placed, UnaryOperator<Part> other) {
    return placed.stream()
        .map(one -> one.part() == null ? one : one.in(other.apply(one.part())))
        .toList();
  }
}
