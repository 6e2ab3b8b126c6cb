package dev.onecycle.layout;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.onecycle.platform.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells which pictures belong together: to one patient, one video.
 *
 * @param pattern a regular expression of which the group {@code group}, or the first one, is the
 *     name of a picture's group; searched as that of a {@link LabelRule}
 */
public record GroupRule(String pattern) {

  private static final String FIELD = "split.group.pattern";
  private static final String FIX =
      "Send split: {\"strategy\": \"random\", \"group\": {\"pattern\": \"^(?<group>[^_]+)_\"}}.";

  /**
   * Checks the expression.
   *
   * @throws Failure.Invalid naming what is wrong with it
   */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  public GroupRule(@Nullable String pattern) {
    if (pattern == null) {
      throw new Failure.Invalid(
          FIELD + " is missing",
          FIX,
          List.of(new Failure.FieldError(FIELD, "is missing", null, null)));
    }
    this.pattern = pattern;
    names();
  }

  NamePattern names() {
    return NamePattern.of(pattern, "group", FIELD, FIX);
  }
}
