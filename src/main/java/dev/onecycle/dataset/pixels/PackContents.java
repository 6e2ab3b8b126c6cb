package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Arrangement;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The pictures of a pack with their labels and parts, as a rule gives them. */
final class PackContents {

  private final List<PackedPicture> pictures;
  private final Layout layout;
  private final SplitSpec wanted;

  private PackContents(List<PackedPicture> pictures, Layout layout, SplitSpec wanted) {
    this.pictures = pictures;
    this.layout = layout;
    this.wanted = wanted;
  }

  /**
   * Gives pictures their labels and parts.
   *
   * @param files those pictures, and what may say more about them
   * @throws Failure.Invalid if there is nothing to learn from them: no label, or a single one
   */
  static PackContents of(
      List<PackedPicture> pictures, Arrangement.Files files, LabelRule rule, SplitSpec wanted) {
    boolean byFolders = wanted.strategy() != SplitSpec.Strategy.RANDOM;
    Arrangement arranged = Arrangement.of(files, rule, byFolders);
    Failure.Invalid problem = problem(files, rule, arranged);
    if (problem != null) {
      throw problem;
    }
    return new PackContents(placed(pictures, arranged), arranged.layout(), wanted);
  }

  /**
   * Pictures that have their labels and parts.
   *
   * @param layout how they were understood before
   */
  static PackContents relabelled(List<PackedPicture> pictures, Layout layout, SplitSpec wanted) {
    return new PackContents(pictures, layout, wanted);
  }

  static List<PackedPicture> placed(List<PackedPicture> pictures, Arrangement arranged) {
    List<PackedPicture> placed = new ArrayList<>(pictures.size());
    for (int i = 0; i < pictures.size(); i++) {
      placed.add(pictures.get(i).placed(arranged.placed().get(i)));
    }
    return placed;
  }

  /** Why nothing can be learned from pictures that are arranged so; null if something can. */
  static Failure.@Nullable Invalid problem(
      Arrangement.Files files, LabelRule rule, Arrangement arranged) {
    int labels = arranged.layout().labels().count();
    if (labels > LabelName.MOST) {
      return new Failure.Invalid(
          labels + " labels > maximum " + LabelName.MOST,
          "Sort the pictures into fewer folders, one per class, or read labels by another rule.");
    }
    if (labels > 1) {
      return null;
    }
    String hint = Arrangement.hint(files, rule);
    long labelled = arranged.placed().stream().filter(one -> one.label() != null).count();
    if (labels == 1) {
      return new Failure.Invalid(
          "all %d pictures have the same label '%s'"
                  .formatted(labelled, arranged.layout().labels().first().get(0))
              + leftOut(arranged),
          hint == null || !arranged.layout().ignored().isEmpty()
              ? "Put the pictures into one folder per class; two classes are the minimum."
              : hint);
    }
    return new Failure.Invalid(
        "none of the %d pictures has a label".formatted(files.pictures().size())
            + leftOut(arranged),
        hint == null
            ? "Put them into one folder per class, or say where labels are: labels may be"
                + " parent-folder, first-folder, a pattern or a csv."
            : hint);
  }

  private static String leftOut(Arrangement arranged) {
    List<Layout.Ignored> ignored = arranged.layout().ignored();
    return ignored.isEmpty()
        ? ""
        : ": %d are %s, as %s"
            .formatted(
                ignored.get(0).files(), ignored.get(0).why(), ignored.get(0).examples().get(0));
  }

  static Arrangement.Files files(
      List<PackedPicture> pictures, List<PicturePath> unreadable, Map<String, byte[]> tables) {
    return new Arrangement.Files(new Paths(pictures), unreadable, tables);
  }

  /** Where each picture lies, made when it is looked at: a path in parts takes much memory. */
  private static final class Paths extends AbstractList<PicturePath> implements RandomAccess {
    private final List<PackedPicture> pictures;

    private Paths(List<PackedPicture> pictures) {
      this.pictures = pictures;
    }

    @Override
    public int size() {
      return pictures.size();
    }

    @Override
    public PicturePath get(int index) {
      return PicturePath.of(pictures.get(index).path());
    }
  }

  List<PackedPicture> pictures() {
    return pictures;
  }

  /** Without what the import ignored. */
  Layout layout() {
    return layout;
  }

  /** What makes a summary's audit of what was found about the pictures. */
  @FunctionalInterface
  interface Auditing {
    Audit by(Auditor auditor);
  }

  /**
   * Sums up.
   *
   * @param sums of each picture
   * @throws Failure.Invalid if a part would be empty
   */
  PackSummary summary(IntFunction<ChannelSums> sums, Auditing auditing, Layout told) {
    SplitSpec spec = wanted.resolved(pictures);
    Split split = spec.of(pictures);
    Auditor auditor = new Auditor(pictures, split);
    return new PackSummary(
        (int) pictures.stream().map(PackedPicture::label).filter(Objects::nonNull).count(),
        spec,
        auditor.labels(),
        ChannelStatistics.of(() -> IntStream.of(split.train()).mapToObj(sums).iterator()),
        medianSide(),
        spec.told(pictures, told),
        auditing.by(auditor));
  }

  private int medianSide() {
    int[] sides =
        pictures.stream()
            .filter(p -> p.label() != null)
            .mapToInt(p -> Math.min(p.width(), p.height()))
            .sorted()
            .toArray();
    return sides[(sides.length - 1) / 2];
  }
}
