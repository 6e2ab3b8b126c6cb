package dev.onecycle.recipe;

import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;

/** A recipe's training on blends of two pictures ("mixup", Zhang et al., 2017). */
public record Mixup(
    @Setting(value = "both parameters of the Beta law of the blend", min = 0.01, max = 100)
        double alpha) {

  static final Mixup DEFAULT = new Mixup(0.4);

  public Mixup {
    Settings.check(Mixup.class, alpha);
  }
}
