package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a network halves the sides of what it sees, where no convolution does. */
public enum Pooling {
  /** fastai's way: the largest of 3x3 after the stem, the mean of 2x2 on identity paths. */
  @JsonProperty("max")
  MAX,
  /**
   * The largest of 3x3 at every place, blurred before every second one is taken, in both ("Making
   * Convolutional Networks Shift-Invariant Again", Zhang, 2019).
   */
  @JsonProperty("maxblur")
  MAXBLUR
}
