package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Layout;
import dev.onecycle.platform.Failure;

/** A pack that is complete, whether or not something can be learned from its pictures. */
public sealed interface Packed {

  /**
   * What was found.
   *
   * @throws Failure.Invalid if there is nothing to learn from it
   */
  PackSummary summary();

  /** Its pictures have labels and parts. */
  record Understood(PackSummary summary) implements Packed {}

  /**
   * Its pictures have no label, for there is nothing to learn from them as they were asked to be
   * understood: another rule may do.
   *
   * @param layout what was met, without parts and labels
   * @param audit without labels
   */
  record NotUnderstood(Failure.Invalid why, Layout layout, Audit audit) implements Packed {
    @Override
    public PackSummary summary() {
      throw why;
    }
  }
}
