package dev.onecycle.image;

import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What may be drawn for a training view: fastai's {@code aug_transforms} and {@code Resize}.
 * Rotation, zoom and each direction of warp are drawn independently, each with {@code
 * affineProbability}; brightness and contrast each with {@code lightingProbability}.
 *
 * @param randomPosition whether the presize square stands anywhere along the longer side, else in
 *     the middle
 * @param flipProbability of swapping left and right, 0 to 1
 * @param maxRotate degrees to either side, 0 to 180
 * @param minZoom at least 1
 * @param maxZoom at least minZoom, at most 10
 * @param maxWarp perspective to either side, 0 to 0.3: beyond it the horizon could enter the
 *     picture
 * @param affineProbability 0 to 1
 * @param maxLighting 0 to 0.9: brightness within 0.5 (1 -+ maxLighting), contrast within 1 -
 *     maxLighting and its inverse
 * @param lightingProbability 0 to 1
 * @param randomCropMinScale the least share of the item's area that a batch is cut to; 1 cuts
 *     nothing
 */
public record Augmentation(
    boolean randomPosition,
    double flipProbability,
    double maxRotate,
    double minZoom,
    double maxZoom,
    double maxWarp,
    double affineProbability,
    double maxLighting,
    double lightingProbability,
    double randomCropMinScale) {

  /** Throws {@link Failure.Invalid} that names every component outside its limits. */
  public Augmentation {
    Check check = new Check();
    check.within("flipProbability", flipProbability, 0, 1);
    check.within("maxRotate", maxRotate, 0, 180);
    check.within("minZoom", minZoom, 1, 10);
    check.within("maxZoom", maxZoom, minZoom, 10);
    check.within("maxWarp", maxWarp, 0, 0.3);
    check.within("affineProbability", affineProbability, 0, 1);
    check.within("maxLighting", maxLighting, 0, 0.9);
    check.within("lightingProbability", lightingProbability, 0, 1);
    check.within("randomCropMinScale", randomCropMinScale, 0.01, 1);
    check.refuse();
  }

  /** The values of fastai's notebook: its defaults, with random crops of 75 % and more. */
  public static Augmentation fastai() {
    return new Augmentation(true, .5, 10, 1, 1.1, .2, .75, .2, .75, .75);
  }

  /** Nothing is drawn: every view is {@link ViewDraw#PLAIN} of the whole item. */
  public static Augmentation none() {
    return new Augmentation(false, 0, 0, 1, 1, 0, 0, 0, 0, 1);
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

  /** The crop of one batch of items of this size. */
  public BatchCrop drawCrop(RandomGenerator random, int itemSize) {
    double area = between(random, randomCropMinScale, 1) * itemSize * itemSize;
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

  private static final class Check {
    private final List<Failure.FieldError> errors = new ArrayList<>();

    private void within(String field, double value, double low, double high) {
      if (!(value >= low && value <= high)) {
        String message = value + " is not within " + low + " and " + high;
        errors.add(new Failure.FieldError(field, message, value, value < low ? low : high));
      }
    }

    private void refuse() {
      if (!errors.isEmpty()) {
        throw new Failure.Invalid(
            "augmentation: " + errors.get(0).field() + " " + errors.get(0).message(),
            "give values within their limits",
            errors);
      }
    }
  }
}
