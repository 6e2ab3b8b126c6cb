package dev.onecycle.dataset.pixels;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Optional;

/** The two parts of a split. */
public enum Part {
  @JsonProperty("train")
  TRAIN,
  @JsonProperty("valid")
  VALID;

  /** The part that a folder of this name holds, in any case: train, or valid, val, validation. */
  static Optional<Part> ofFolder(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train" -> Optional.of(TRAIN);
      case "valid", "val", "validation" -> Optional.of(VALID);
      default -> Optional.empty();
    };
  }

  /** {@code train} or {@code valid}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
