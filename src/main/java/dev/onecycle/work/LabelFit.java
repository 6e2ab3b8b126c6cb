package dev.onecycle.work;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.LabelName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rule whether pictures of some labels can be evaluated by a checkpoint of others: labels are
 * the same by their names, wherever they stand in the order.
 */
final class LabelFit {

  private static final int NAMED = 5;

  private LabelFit() {}

  /**
   * Returns what is doubtful about it, as sentences.
   *
   * @param known the checkpoint's labels
   * @param given those of which there are pictures
   * @throws Failure.Invalid if there are none, or some that the checkpoint does not know
   */
  static List<String> check(List<String> known, List<String> given) {
    if (given.isEmpty()) {
      String message = "the dataset has no such pictures";
      throw new Failure.Invalid(
          message, "Choose another split.", List.of(new FieldError("split", message, null, null)));
    }
    Set<String> ours = composed(known);
    Set<String> theirs = composed(given);
    List<String> strange =
        given.stream().filter(label -> !ours.contains(LabelName.composed(label))).toList();
    if (!strange.isEmpty()) {
      String message =
          "%d of the dataset's %d labels are none of the model's %d: %s"
              .formatted(strange.size(), given.size(), known.size(), named(strange));
      throw new Failure.Invalid(
          message,
          "Evaluate on pictures whose folders are named as the model's labels, such as "
              + named(known)
              + ".",
          List.of(new FieldError("dataset", message, null, null)));
    }
    List<String> absent =
        known.stream().filter(label -> !theirs.contains(LabelName.composed(label))).toList();
    return absent.isEmpty()
        ? List.of()
        : List.of(
            "there are no pictures of %d of the model's %d labels: %s"
                .formatted(absent.size(), known.size(), named(absent)));
  }

  private static Set<String> composed(List<String> labels) {
    return labels.stream().map(LabelName::composed).collect(Collectors.toSet());
  }

  private static String named(List<String> labels) {
    String first = String.join(", ", labels.subList(0, Math.min(NAMED, labels.size())));
    return labels.size() > NAMED ? first + " and others" : first;
  }
}
