package dev.onecycle.dataset.pixels;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.layout.GroupRule;
import dev.onecycle.layout.Groups;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.Part;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.Seed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a dataset is split.
 *
 * @param strategy null: by folders where both parts have pictures, else random; with groups random
 * @param validFraction of the pictures that a random draw keeps for validation, in (0, 1); null:
 *     0.2
 * @param seed of a random draw; null: 42
 * @param stratify whether a random draw takes its fraction of each label, so that every label of
 *     two pictures has one to validate; null: in a request yes, in datasets of earlier versions no
 * @param group keeps pictures that belong together on one side of a random draw, which then takes
 *     whole groups, as near to its fractions as they come, and in one fold of a label check; null:
 *     each picture by itself
 */
public record SplitSpec(
    @Nullable Strategy strategy,
    @Nullable Double validFraction,
    @Nullable Long seed,
    @Nullable Boolean stratify,
    @Nullable GroupRule group) {

  /** Where the two parts come from. */
  public enum Strategy {
    /** From the folders train and valid (or val, validation); what lies in neither is left out. */
    @JsonProperty("folders")
    FOLDERS,
    /** Drawn over all pictures, wherever they lie. */
    @JsonProperty("random")
    RANDOM
  }

  /** A split that takes each picture by itself. */
  public SplitSpec(
      @Nullable Strategy strategy,
      @Nullable Double validFraction,
      @Nullable Long seed,
      @Nullable Boolean stratify) {
    this(strategy, validFraction, seed, stratify, null);
  }

  /** A split of which only the strategy is said, by its word. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static SplitSpec by(String strategy) {
    return switch (strategy.strip()) {
      case "folders" -> new SplitSpec(Strategy.FOLDERS, null, null, null);
      case "random" -> new SplitSpec(Strategy.RANDOM, null, null, null);
      default -> throw unknown(strategy);
    };
  }

  private static Failure unknown(String strategy) {
    List<String> words = List.of("folders", "random");
    String message = Nearest.unknown("strategy", strategy, words);
    return Failure.Invalid.field("split", message, strategy, words);
  }

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  public SplitSpec {
    validFraction = validFraction == null ? Double.valueOf(0.2) : validFraction;
    seed = seed == null ? Long.valueOf(42) : seed;
    if (!(validFraction > 0 && validFraction < 1)) {
      String message = "split.validFraction " + validFraction + " is not between 0 and 1";
      throw new Failure.Invalid(
          message,
          "0.2 keeps every fifth picture for validation.",
          List.of(
              new Failure.FieldError(
                  "split.validFraction", "must be between 0 and 1", validFraction, "(0, 1)")));
    }
    if (stratify != null && strategy == Strategy.FOLDERS) {
      throw Failure.Invalid.field("split.stratify", "belongs to a random split", stratify, null);
    }
    strategy = strategy == null && group != null ? Strategy.RANDOM : strategy;
  }

  @Override
  public Double validFraction() {
    return requireNonNull(validFraction);
  }

  @Override
  public Long seed() {
    return requireNonNull(seed);
  }

  /** Every choice left to what the import finds. */
  public static SplitSpec byDefault() {
    return new SplitSpec(null, null, null, null);
  }

  /**
   * This as a request means it: a new random split is stratified unless it says otherwise.
   *
   * @throws Failure.Invalid if it has groups and folders decide
   */
  public SplitSpec asked() {
    if (group != null && strategy == Strategy.FOLDERS) {
      throw Failure.Invalid.field("split.group", "belongs to a random split", null, null);
    }
    return stratify == null && strategy != Strategy.FOLDERS
        ? new SplitSpec(strategy, validFraction, seed, true, group)
        : this;
  }

  /** That of pictures whose parts were written down with them; what belongs together still does. */
  SplitSpec kept() {
    return new SplitSpec(Strategy.FOLDERS, validFraction, seed, null, group);
  }

  /** This with the strategy decided by where the pictures lie. */
  SplitSpec resolved(List<PackedPicture> pictures) {
    if (strategy != null) {
      return this;
    }
    boolean both =
        indices(pictures, Part.TRAIN).length > 0 && indices(pictures, Part.VALID).length > 0;
    return both
        ? new SplitSpec(Strategy.FOLDERS, validFraction, seed, null)
        : new SplitSpec(Strategy.RANDOM, validFraction, seed, stratify);
  }

  /**
   * Splits {@code pictures}.
   *
   * @param pictures at least two
   * @throws Failure.Invalid if a part would be empty
   */
  Split of(List<PackedPicture> pictures) {
    if (resolved(pictures).strategy == Strategy.RANDOM) {
      return draw(pictures);
    }
    Split split = new Split(indices(pictures, Part.TRAIN), indices(pictures, Part.VALID));
    if (split.train().length == 0 || split.valid().length == 0) {
      throw new Failure.Invalid(
          "a split by folders needs pictures below train and below valid (or val): found %d and %d"
              .formatted(split.train().length, split.valid().length),
          "Import with split.strategy random, or sort the pictures into both folders.");
    }
    return split;
  }

  private Split draw(List<PackedPicture> pictures) {
    int[] drawable = drawable(pictures);
    Seed drawn = new Seed(seed());
    boolean stratified = Boolean.TRUE.equals(stratify);
    if (group == null && !stratified) {
      return Split.random(drawable.length, validFraction(), drawn).of(drawable);
    }
    int[] labels = stratified ? labels(pictures, drawable) : new int[drawable.length];
    if (group == null) {
      return Split.stratified(labels, validFraction(), drawn).of(drawable);
    }
    int[] groups = groups(pictures, drawable, group).numbers();
    return GroupDraw.of(labels, groups, validFraction(), drawn).of(drawable);
  }

  private static int[] labels(List<PackedPicture> pictures, int[] drawable) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] labels = new int[drawable.length];
    for (int i = 0; i < labels.length; i++) {
      String label = requireNonNull(pictures.get(drawable[i]).label());
      Integer number = numbers.putIfAbsent(label, numbers.size());
      labels[i] = number == null ? numbers.size() - 1 : number;
    }
    return labels;
  }

  private static Groups groups(List<PackedPicture> pictures, int[] drawable, GroupRule rule) {
    return new Groups(IntStream.of(drawable).mapToObj(i -> pictures.get(i).path()).toList(), rule);
  }

  /** A layout of {@code pictures} with what there is to tell of their groups. */
  Layout told(List<PackedPicture> pictures, Layout layout) {
    return group == null ? layout : groups(pictures, drawable(pictures), group).told(layout);
  }

  /**
   * The pictures that a draw is over: all that have a label, but for those kept apart as test.
   *
   * @throws Failure.Invalid if there are less than two
   */
  static int[] drawable(List<PackedPicture> pictures) {
    int[] drawable =
        IntStream.range(0, pictures.size())
            .filter(i -> pictures.get(i).label() != null && pictures.get(i).folder() != Part.TEST)
            .toArray();
    if (drawable.length < 2) {
      throw new Failure.Invalid(
          "a random split needs two pictures with labels: found " + drawable.length,
          "Add pictures, or split by folders.");
    }
    return drawable;
  }

  private static int[] indices(List<PackedPicture> pictures, Part part) {
    return IntStream.range(0, pictures.size())
        .filter(i -> pictures.get(i).label() != null && pictures.get(i).folder() == part)
        .toArray();
  }
}
