package dev.onecycle.layout;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a dataset. */
public enum Part {
  @JsonProperty("train")
  TRAIN,
  @JsonProperty("valid")
  VALID,
  /** Kept apart from both, for evaluations. */
  @JsonProperty("test")
  TEST;

  /** Longer words first, so that none is taken for the start of another. */
  private static final Pattern WORD =
      Pattern.compile("(training|train|validation|valid|val|dev|testing|test)(.*)");

  private static final Pattern BETWEEN = Pattern.compile("[-_. ]+");

  /** What else the name of a part's folder says: {@code train_images}, {@code testset}. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "",
          "set",
          "sets",
          "data",
          "dataset",
          "split",
          "folder",
          "seg",
          "cropped",
          "image",
          "images",
          "img",
          "imgs",
          "picture",
          "pictures",
          "photos",
          "files",
          "jpg",
          "png");

  /**
   * The part that a folder or a table's cell of this name means, in any case: one of the words
   * train, training, valid, val, validation, dev, test and testing, alone or beside words like
   * {@code set} and {@code images} and numbers.
   */
  public static Optional<Part> named(String name) {
    Optional<Part> found = Optional.empty();
    for (String token : BETWEEN.split(name.strip().toLowerCase(Locale.ROOT), -1)) {
      Matcher word = WORD.matcher(token);
      if (word.matches() && neutral(word.group(2))) {
        if (found.isPresent()) {
          return Optional.empty();
        }
        found = Optional.of(of(word.group(1)));
      } else if (!neutral(token)) {
        return Optional.empty();
      }
    }
    return found;
  }

  private static boolean neutral(String token) {
    return NEUTRAL.contains(token) || token.matches("[0-9]{1,4}");
  }

  private static Part of(String word) {
    return switch (word) {
      case "train", "training" -> TRAIN;
      case "test", "testing" -> TEST;
      default -> VALID;
    };
  }

  /** The part of that {@link #word}; empty for any other text. */
  public static Optional<Part> ofWord(String word) {
    for (Part part : values()) {
      if (part.word().equals(word)) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  /** {@code train}, {@code valid} or {@code test}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
