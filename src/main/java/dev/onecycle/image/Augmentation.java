package dev.onecycle.image;

import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How far training pictures are changed at random, as fastai's {@code aug_transforms} has it. A
 * transform is off where its probability or its reach is 0 (a scale: 1).
 */
public record Augmentation(
    @Setting("whether the presize square stands anywhere along the longer side, or in the middle")
        boolean randomPosition,
    @Setting(value = "probability of a mirror image", min = 0, max = 1) double flipProbability,
    @Setting(
            "whether a picture's first epoch draws that, and each later one is the other way round")
        boolean alternateFlip,
    @Setting(value = "largest rotation either way, in degrees", min = 0, max = 180)
        double maxRotate,
    @Setting(value = "smallest zoom", min = 1, max = 10) double minZoom,
    @Setting(value = "largest zoom", min = 1, max = 10) double maxZoom,
    @Setting(value = "largest perspective warp along each axis", min = 0, max = 0.3) double maxWarp,
    @Setting(value = "probability of rotation, of zoom and of each warp", min = 0, max = 1)
        double affineProbability,
    @Setting(value = "largest change of brightness and contrast", min = 0, max = 0.9)
        double maxLighting,
    @Setting(value = "probability of brightness and of contrast", min = 0, max = 1)
        double lightingProbability,
    @Setting(
            value = "smallest share of the picture's area that the random crop keeps",
            min = 0.01,
            max = 1)
        double randomCropMinScale,
    @Setting(value = "largest share of the picture's area that it keeps", min = 0.01, max = 1)
        double randomCropMaxScale,
    @Setting("whether each picture has a crop of its own, instead of one for its whole batch")
        boolean randomCropPerPicture) {

  public Augmentation {
    Settings.check(
        Augmentation.class,
        randomPosition,
        flipProbability,
        alternateFlip,
        maxRotate,
        minZoom,
        maxZoom,
        maxWarp,
        affineProbability,
        maxLighting,
        lightingProbability,
        randomCropMinScale,
        randomCropMaxScale,
        randomCropPerPicture);
    List<FieldError> wrong = new ArrayList<>();
    if (maxZoom < minZoom) {
      String message = maxZoom + " < minZoom " + minZoom;
      wrong.add(new FieldError("maxZoom", message, maxZoom, minZoom));
    }
    if (randomCropMaxScale < randomCropMinScale) {
      String message = randomCropMaxScale + " < randomCropMinScale " + randomCropMinScale;
      wrong.add(
          new FieldError("randomCropMaxScale", message, randomCropMaxScale, randomCropMinScale));
    }
    if (alternateFlip && flipProbability == 0) {
      String message = "needs a flipProbability above 0";
      wrong.add(new FieldError("alternateFlip", message, alternateFlip, false));
    }
    Settings.refuse(wrong);
  }

  /** What the notebook uses: {@code aug_transforms(size, min_scale=0.75)}. */
  public static Augmentation fastai() {
    return new Augmentation(true, 0.5, false, 10, 1, 1.1, 0.2, 0.75, 0.2, 0.75, 0.75, 1, false);
  }

  /** Pictures as they are. */
  public static Augmentation none() {
    return new Augmentation(false, 0, false, 0, 1, 1, 0, 0, 0, 0, 1, 1, false);
  }

  /** The numbers of one picture's view. */
  public ViewDraw draw(RandomGenerator random) {
    double least = Math.log(1 - maxLighting);
    return new ViewDraw(
        randomPosition ? random.nextDouble() : .5,
        randomPosition ? random.nextDouble() : .5,
        happens(random, flipProbability),
        happens(random, affineProbability) ? between(random, -maxRotate, maxRotate) : 0,
        happens(random, affineProbability) ? between(random, minZoom, maxZoom) : 1,
        random.nextDouble(),
        random.nextDouble(),
        happens(random, affineProbability) ? between(random, -maxWarp, maxWarp) : 0,
        happens(random, affineProbability) ? between(random, -maxWarp, maxWarp) : 0,
        happens(random, lightingProbability)
            ? .5 * between(random, 1 - maxLighting, 1 + maxLighting)
            : .5,
        happens(random, lightingProbability) ? Math.exp(between(random, least, -least)) : 1);
  }

  /**
   * Whether a picture is mirrored in an epoch, where that alternates: each picture is seen both
   * ways in any two epochs ("94% on CIFAR-10 in 3.29 Seconds", Jordan, 2024).
   *
   * @param random of the picture, the same in all epochs
   * @param epoch of the run, from 0
   */
  public boolean drawFlip(RandomGenerator random, int epoch) {
    return happens(random, flipProbability) ^ epoch % 2 == 1;
  }

  /** The crop of one batch, or of one picture, of items of this size. */
  public BatchCrop drawCrop(RandomGenerator random, int itemSize) {
    double area = between(random, randomCropMinScale, randomCropMaxScale) * itemSize * itemSize;
    int side = Math.max(1, (int) Math.rint(Math.sqrt(area)));
    return new BatchCrop(
        side, random.nextInt(itemSize - side + 1), random.nextInt(itemSize - side + 1));
  }

  private static boolean happens(RandomGenerator random, double probability) {
    return random.nextDouble() < probability;
  }

  private static double between(RandomGenerator random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
