package dev.onecycle.run;

/** The rule for which checkpoints of a training run stay. */
public enum Retention {
  /** The best epoch's. */
  BEST,
  /** The best epoch's and the last one's. */
  BEST_AND_LAST,
  /** Every validated epoch's. */
  ALL;

  /** Returns whether an epoch's checkpoint stays that is not the best so far. */
  public boolean keepsOther(boolean last) {
    return this == ALL || (this == BEST_AND_LAST && last);
  }
}
