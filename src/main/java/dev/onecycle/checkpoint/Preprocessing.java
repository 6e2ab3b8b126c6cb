package dev.onecycle.checkpoint;

import dev.onecycle.image.Normalization;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.util.List;

/**
 * The way from a picture to the network's input: the validation view of the training.
 *
 * @param normalization of pixels in 0 to 1; zeros and ones where there is none
 */
public record Preprocessing(
    @Setting(value = "side that a picture is cropped and resized to first", min = 32, max = 1024)
        int itemSize,
    @Setting(value = "side of the network's input, in pixels", min = 32, max = 1024) int size,
    @Setting("channel means and deviations") Normalization normalization) {

  /**
   * Checks every field.
   *
   * @throws dev.onecycle.platform.Failure.Invalid naming each field that is wrong
   */
  public Preprocessing {
    Settings.check(Preprocessing.class, itemSize, size, normalization);
    if (size > itemSize) {
      String message = "size " + size + " > itemSize " + itemSize + ", which it is made from";
      Settings.refuse(List.of(new FieldError("size", message, size, itemSize)));
    }
  }
}
