package dev.onecycle.dataset.pixels;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a person says about a picture's label.
 *
 * @param picture its number in the dataset
 * @param action what it means
 * @param label the right one, of {@link Action#RELABEL}; else null
 */
public record LabelEdit(
    @Nullable Integer picture, @Nullable Action action, @Nullable String label) {

  /** What becomes of the label. */
  public enum Action {
    /** It is another one. */
    @JsonProperty("relabel")
    RELABEL,
    /** None is right: the picture is left out. */
    @JsonProperty("drop")
    DROP,
    /** It is right, and no check doubts it any more. */
    @JsonProperty("keep")
    KEEP
  }
}
