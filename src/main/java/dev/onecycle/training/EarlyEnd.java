package dev.onecycle.training;

import dev.onecycle.recipe.EarlyStopping;
import org.jspecify.annotations.Nullable;

/**
 * The count of epochs without improvement that ends a run, as fastai's {@code
 * EarlyStoppingCallback} does.
 */
final class EarlyEnd {

  private final @Nullable EarlyStopping rule;
  private double best = Double.NEGATIVE_INFINITY;
  private int worse;

  /** Makes one that judges by {@code rule}; null never ends a run. */
  EarlyEnd(@Nullable EarlyStopping rule) {
    this.rule = rule;
  }

  /** Returns whether to end after an epoch with this validation. */
  boolean after(Validation validation) {
    if (rule == null) {
      return false;
    }
    double score =
        switch (rule.metric()) {
          case ACCURACY -> validation.accuracy();
          case VALID_LOSS -> -validation.loss();
        };
    if (score > best) {
      best = score;
      worse = 0;
      return false;
    }
    worse++;
    return isOver();
  }

  /** Returns whether it was time to end after the last epoch. */
  boolean isOver() {
    return rule != null && worse >= rule.patience();
  }

  void exchange(StateExchange with) {
    best = with.number("early.best", best);
    worse = (int) with.number("early.worse", worse);
  }
}
