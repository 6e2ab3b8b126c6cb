package dev.onecycle.dataset.pixels;

import static java.util.Objects.requireNonNull;

import dev.onecycle.layout.Layout;
import dev.onecycle.layout.Part;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A pack some of whose labels are put right. Its pictures keep their bytes and numbers, and also
 * their parts, whatever drew them: two versions validate on the same pictures.
 *
 * @param pack what is to be written instead of the index before
 * @param decisions what was said, in the order of the edits
 */
public record Relabelling(PackRereading pack, List<Decision> decisions) {

  /** The most edits at once. */
  public static final int MOST = 10_000;

  private static final int MOST_ERRORS = 20;

  /**
   * What was said about one picture.
   *
   * @param before its label until then; null for none
   * @param after its label since; null where it was dropped
   */
  public record Decision(
      int picture, LabelEdit.Action action, @Nullable String before, @Nullable String after) {}

  /**
   * Puts labels right.
   *
   * @param index that counts instead of the pack's own, or null
   * @param split of the pictures as they are
   * @param audit of them, for what their import met beside pictures
   * @param layout how they were understood
   * @throws Failure.Invalid naming the edits that cannot be, or where a part or all but one label
   *     would be empty
   */
  public static Relabelling of(
      Path pack,
      @Nullable Path index,
      SplitSpec split,
      Audit audit,
      Layout layout,
      List<LabelEdit> edits)
      throws IOException {
    try (PackedPictures packed = PackedPictures.open(pack, PackIndex.read(pack, index));
        ZipFile zip = new ZipFile(pack.toFile())) {
      List<PackedPicture> pictures = withParts(packed.index(), split);
      List<Decision> decisions = decisions(edits, pictures, packed.labels());
      decisions.forEach(decision -> pictures.set(decision.picture, carried(decision, pictures)));
      requireTwoLabels(pictures);
      PackContents contents = PackContents.relabelled(pictures, layout, split.kept());
      PackSummary summary =
          contents.summary(
              PackRereading.sums(zip, packed),
              auditor -> PackRereading.again(audit, auditor),
              layout);
      return new Relabelling(new PackRereading(summary, pictures), decisions);
    }
  }

  /** Writes into each picture the part that the split gives it. */
  private static List<PackedPicture> withParts(List<PackedPicture> pictures, SplitSpec split) {
    @Nullable Part[] parts = split.of(pictures).parts(pictures);
    List<PackedPicture> placed = new ArrayList<>(pictures.size());
    for (int i = 0; i < parts.length; i++) {
      PackedPicture picture = pictures.get(i);
      placed.add(parts[i] == null ? picture : picture.placed(picture.label(), parts[i]));
    }
    return placed;
  }

  /** One that had neither label nor part trains, once it has a label. */
  private static PackedPicture carried(Decision decision, List<PackedPicture> pictures) {
    PackedPicture picture = pictures.get(decision.picture);
    boolean nowhere = picture.folder() == null && picture.label() == null;
    return picture.placed(decision.after, nowhere ? Part.TRAIN : picture.folder());
  }

  private static List<Decision> decisions(
      List<LabelEdit> edits, List<PackedPicture> pictures, List<String> labels) {
    EditCheck check = new EditCheck(pictures, labels);
    List<Decision> decisions = new ArrayList<>(edits.size());
    List<Failure.FieldError> errors = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < edits.size() && errors.size() < MOST_ERRORS; i++) {
      LabelEdit edit = edits.get(i);
      Failure.FieldError error = check.problem("edits[" + i + "]", edit);
      if (error == null && !seen.add(edit.picture())) {
        String message = "picture " + edit.picture() + " is there twice";
        error = new Failure.FieldError("edits[" + i + "].picture", message, edit.picture(), null);
      }
      if (error == null) {
        decisions.add(check.decision(edit));
      } else {
        errors.add(error);
      }
    }
    if (!errors.isEmpty()) {
      throw Failure.Invalid.fields(errors);
    }
    return decisions;
  }

  private static void requireTwoLabels(List<PackedPicture> pictures) {
    List<String> left =
        pictures.stream()
            .map(PackedPicture::label)
            .filter(Objects::nonNull)
            .distinct()
            .limit(2)
            .toList();
    if (left.size() < 2) {
      throw new Failure.Invalid(
          left.isEmpty()
              ? "no picture would have a label any more"
              : "all pictures would have the same label '" + requireNonNull(left.get(0)) + "'",
          "Keep pictures of two labels: they are the minimum.");
    }
  }
}
