package dev.onecycle.image;

import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;

/**
 * How far training pictures are changed at random, as fastai's {@code aug_transforms} has it. A
 * transform is off where its probability or its reach is 0 (a scale: 1).
 */
public record Augmentation(
    @Setting(value = "probability of a mirror image", min = 0, max = 1) double flipProbability,
    @Setting(value = "largest rotation either way, in degrees", min = 0, max = 180)
        double maxRotate,
    @Setting(value = "smallest zoom", min = 0.5, max = 4) double minZoom,
    @Setting(value = "largest zoom", min = 0.5, max = 4) double maxZoom,
    @Setting(value = "largest perspective warp along each axis", min = 0, max = 0.5) double maxWarp,
    @Setting(value = "probability of rotation, of zoom and of each warp", min = 0, max = 1)
        double affineProbability,
    @Setting(value = "largest change of brightness and contrast", min = 0, max = 0.9)
        double maxLighting,
    @Setting(value = "probability of brightness and of contrast", min = 0, max = 1)
        double lightingProbability,
    @Setting(
            value = "smallest share of the picture's area that the random crop keeps",
            min = 0.05,
            max = 1)
        double randomCropMinScale) {

  public Augmentation {
    Settings.check(
        Augmentation.class,
        flipProbability,
        maxRotate,
        minZoom,
        maxZoom,
        maxWarp,
        affineProbability,
        maxLighting,
        lightingProbability,
        randomCropMinScale);
  }

  /** What the notebook uses: {@code aug_transforms(size, min_scale=0.75)}. */
  public static Augmentation fastai() {
    return new Augmentation(0.5, 10, 1, 1.1, 0.2, 0.75, 0.2, 0.75, 0.75);
  }

  /** Pictures as they are. */
  public static Augmentation none() {
    return new Augmentation(0, 0, 1, 1, 0, 0, 0, 0, 1);
  }
}
