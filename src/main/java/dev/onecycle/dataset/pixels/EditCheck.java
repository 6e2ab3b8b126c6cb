package dev.onecycle.dataset.pixels;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.pixels.LabelEdit.Action;
import dev.onecycle.dataset.pixels.Relabelling.Decision;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.LabelName;
import dev.onecycle.platform.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rule which edits of labels make sense. */
final class EditCheck {

  private static final int LONGEST = 64;

  private final List<PackedPicture> pictures;
  private final List<String> labels;
  private final Set<String> known;

  /**
   * @param labels those that there are
   */
  EditCheck(List<PackedPicture> pictures, List<String> labels) {
    this.pictures = pictures;
    this.labels = labels;
    this.known = new HashSet<>(labels);
  }

  /** What is wrong with an edit; null for nothing. */
  @Nullable FieldError problem(String path, @Nullable LabelEdit edit) {
    if (edit == null) {
      return new FieldError(path, "must not be null", null, null);
    }
    Integer picture = edit.picture();
    if (picture == null || picture < 0 || picture >= pictures.size()) {
      int last = pictures.size() - 1;
      String message = picture == null ? "is missing" : picture + " is not within 0 and " + last;
      return new FieldError(path + ".picture", message, picture, last);
    }
    if (edit.action() == null) {
      List<String> words = List.of("relabel", "drop", "keep");
      return new FieldError(path + ".action", "is missing", null, words);
    }
    if (edit.action() == Action.RELABEL) {
      return wrongLabel(path + ".label", edit.label());
    }
    if (edit.label() != null) {
      String message = "belongs to the action relabel";
      return new FieldError(path + ".label", message, cut(edit.label()), null);
    }
    if (pictures.get(picture).label() == null) {
      return new FieldError(path + ".picture", picture + " has no label", picture, null);
    }
    return null;
  }

  private @Nullable FieldError wrongLabel(String path, @Nullable String label) {
    if (label == null) {
      return new FieldError(path, "is missing", null, null);
    }
    return known.contains(LabelName.composed(label))
        ? null
        : new FieldError(path, Nearest.unknown("label", label, labels), cut(label), null);
  }

  private static String cut(String label) {
    return label.substring(0, Math.min(label.length(), LONGEST));
  }

  /** What comes of an edit without a problem. */
  Decision decision(LabelEdit edit) {
    int picture = requireNonNull(edit.picture());
    String before = pictures.get(picture).label();
    Action action = requireNonNull(edit.action());
    String after =
        switch (action) {
          case RELABEL -> LabelName.composed(requireNonNull(edit.label()));
          case DROP -> null;
          case KEEP -> before;
        };
    return new Decision(picture, action, before, after);
  }
}
