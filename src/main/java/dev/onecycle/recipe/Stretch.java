package dev.onecycle.recipe;

import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;

/** Some epochs of a phase in one picture size and batch size; see {@link Phase#plan}. */
public record Stretch(
    @Setting(value = "side of the square training pictures, in pixels", min = 32, max = 1024)
        int size,
    @Setting(value = "pictures per step", min = 2, max = 4096) int batchSize,
    @Setting(value = "passes over the training pictures", min = 1, max = 2000) int epochs) {

  static final Stretch DEFAULT = new Stretch(128, 64, 1);

  public Stretch {
    Settings.check(Stretch.class, size, batchSize, epochs);
  }
}
