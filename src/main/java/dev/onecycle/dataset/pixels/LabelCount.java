package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Part;
import org.jspecify.annotations.Nullable;

/**
 * How many pictures of a label each part has.
 *
 * @param name the label
 * @param test null for none
 */
public record LabelCount(String name, int train, int valid, @Nullable Integer test) {

  public LabelCount(String name, int train, int valid) {
    this(name, train, valid, null);
  }

  /** How many pictures of it a part has. */
  public int in(Part part) {
    return switch (part) {
      case TRAIN -> train;
      case VALID -> valid;
      case TEST -> test == null ? 0 : test;
    };
  }

  /** This with one picture more. */
  LabelCount plus(Part part) {
    return switch (part) {
      case TRAIN -> new LabelCount(name, train + 1, valid, test);
      case VALID -> new LabelCount(name, train, valid + 1, test);
      case TEST -> new LabelCount(name, train, valid, in(part) + 1);
    };
  }
}
