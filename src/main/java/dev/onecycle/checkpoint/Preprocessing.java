package dev.onecycle.checkpoint;

import dev.onecycle.image.Chain;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.util.List;

/**
 * The way from a picture to the network's input: the validation view of the training.
 *
 * @param normalization of pixels in 0 to 1; zeros and ones where there is none
 * @param chain how the pixels are made; null in manifests from before there were several
 */
public record Preprocessing(
    @Setting(value = "side that a picture is cropped and resized to first", min = 32, max = 1024)
        int itemSize,
    @Setting(value = "side of the network's input, in pixels", min = 32, max = 1024) int size,
    @Setting("channel means and deviations") Normalization normalization,
    @Setting(value = "how the pixels are made", orNull = true) Chain chain) {

  /**
   * Checks every field.
   *
   * @throws dev.onecycle.platform.Failure.Invalid naming each field that is wrong
   */
  public Preprocessing {
    Settings.check(Preprocessing.class, itemSize, size, normalization, chain);
    if (size > itemSize) {
      String message = "size " + size + " > itemSize " + itemSize + ", which it is made from";
      Settings.refuse(List.of(new FieldError("size", message, size, itemSize)));
    }
  }

  /** What new weights and those from elsewhere are asked with: fastai's pixels. */
  public Preprocessing(int itemSize, int size, Normalization normalization) {
    this(itemSize, size, normalization, Chain.FASTAI);
  }

  /** The way to the input of timm's networks: {@code size} from the middle of the resized. */
  public static Preprocessing centre(int itemSize, int size, Normalization normalization) {
    return new Preprocessing(itemSize, size, normalization, Chain.TIMM);
  }

  /** The same by another chain. */
  Preprocessing by(Chain other) {
    return new Preprocessing(itemSize, size, normalization, other);
  }

  /** What makes pictures into the network's input. */
  public Views views() {
    return chain.views(itemSize, size, normalization);
  }
}
