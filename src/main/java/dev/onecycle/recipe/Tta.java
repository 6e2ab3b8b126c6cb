package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;

/** Test-time augmentation at the end of a run, as fastai's {@code tta}. */
public record Tta(
    @Setting(value = "augmented views of each picture beside the plain one", min = 1, max = 64)
        int views,
    @Setting(value = "weight of the plain view in the mean", min = 0, max = 1) double beta,
    @Setting("how the views become one answer") Combine combine) {

  /** Weight of the plain view that fastai gives it. */
  public static final double BETA = 0.25;

  static final Tta DEFAULT = new Tta(4, BETA, Combine.MEAN);

  /** How the views become one answer. */
  public enum Combine {
    @JsonProperty("mean")
    MEAN,
    @JsonProperty("max")
    MAX
  }

  public Tta {
    Settings.check(Tta.class, views, beta, combine);
  }
}
