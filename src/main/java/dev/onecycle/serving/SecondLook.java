package dev.onecycle.serving;

import dev.onecycle.evaluation.ViewChoice;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The decision of {@code tta=auto} once it has seen the plain view's answer: more views only where
 * the two best labels are close, and only so many as are answered within the budget.
 *
 * @param margin between the probabilities of the two best labels of the plain view, 0 to 1
 * @param views which views the answer is made of
 * @param reason why these
 */
record SecondLook(double margin, ViewChoice views, Reason reason) {

  /** A reason for so many views. */
  enum Reason {
    /** One was enough: the two best labels are far apart. */
    CLEAR,
    /** The two best labels are close. */
    CLOSE,
    /** They are close, and the budget allows no or not as many more views. */
    BUDGET,
    /** They are close, and too many views of others wait for the device. */
    BUSY;

    /** Returns how callers read it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** From here on four more views told no more pictures right; see docs/benchmarks.md. */
  static final double CLEAR_MARGIN = 0.2;

  /** What is looked at where the two best are close, the best first. */
  private static final List<ViewChoice> CHOICES = List.of(ViewChoice.FOUR, ViewChoice.FLIP);

  /**
   * Decides.
   *
   * @param budget for the whole answer; null for any
   * @param expected how long the answer takes with so many more views
   */
  static SecondLook after(
      double margin, @Nullable Duration budget, IntFunction<Duration> expected) {
    if (margin >= CLEAR_MARGIN) {
      return new SecondLook(margin, ViewChoice.NONE, Reason.CLEAR);
    }
    for (ViewChoice choice : CHOICES) {
      if (budget == null || expected.apply(choice.count() - 1).compareTo(budget) <= 0) {
        Reason reason = choice == CHOICES.get(0) ? Reason.CLOSE : Reason.BUDGET;
        return new SecondLook(margin, choice, reason);
      }
    }
    return new SecondLook(margin, ViewChoice.NONE, Reason.BUDGET);
  }

  /** Returns the same where the queue had no room. */
  SecondLook refused() {
    return new SecondLook(margin, ViewChoice.NONE, Reason.BUSY);
  }
}
