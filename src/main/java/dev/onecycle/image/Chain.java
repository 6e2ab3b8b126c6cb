package dev.onecycle.image;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A way from a picture to what a network sees. Weights belong to the one that they were made for.
 */
public enum Chain {
  /** fastai's pixels: what every training, and every network from elsewhere, sees. */
  @JsonProperty("fastai")
  FASTAI {
    @Override
    public Views views(int itemSize, int size, Normalization normalization) {
      return Views.of(itemSize, size, normalization);
    }
  },

  /**
   * One interpolation without a filter, which leaves half as much fine contrast again: what
   * networks trained by the first versions of this service saw. Nothing is trained with it any
   * more.
   */
  @JsonProperty("sharp")
  SHARP {
    @Override
    public Views views(int itemSize, int size, Normalization normalization) {
      return new SharpViews(itemSize, size, normalization);
    }
  },

  /** The middle of the resized picture, as timm's networks were validated. */
  @JsonProperty("timm")
  TIMM {
    @Override
    public Views views(int itemSize, int size, Normalization normalization) {
      return new CentreViews(itemSize, size, normalization);
    }
  };

  /**
   * The views of this chain.
   *
   * @param itemSize side after presizing, at least 1
   * @param size side of a view, at least 1
   */
  public abstract Views views(int itemSize, int size, Normalization normalization);
}
