package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Arrangement;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How files would be understood, by their names alone. For one thread. */
public final class PackPreview {

  private static final Sha256 NONE = new Sha256(0, 0, 0, 0);

  private final TreeSet<String> pictures = new TreeSet<>();
  private final List<PicturePath> unreadable = new ArrayList<>();
  private final Sightings sightings;

  public PackPreview(LabelRule rule) {
    sightings = new Sightings(rule);
  }

  /**
   * What it found.
   *
   * @param pictures that have a label
   * @param split with its strategy decided
   * @param labels sorted by name, with the pictures in each part if all of them can be read
   * @param problem why an import of it would fail, or null
   */
  public record Preview(
      int pictures,
      SplitSpec split,
      List<LabelCount> labels,
      Layout layout,
      Failure.@Nullable Invalid problem) {}

  /** What is met that is no picture. */
  public Sightings sightings() {
    return sightings;
  }

  public void add(PicturePath path) {
    pictures.add(path.toString());
  }

  /** Notes a picture that cannot be read. */
  public void leaveOut(PicturePath path, String why) {
    if (unreadable.size() < Packer.MOST_UNREAD) {
      unreadable.add(path);
    }
    if (unreadable.size() == 1) {
      sightings.note("'" + path + "' " + why + ", and would be left out, as may be others");
    }
  }

  /** What the files are under this split. */
  public Preview finish(SplitSpec wanted) {
    List<PackedPicture> all = pictures.stream().map(PackPreview::unread).toList();
    Arrangement.Files files = PackContents.files(all, unreadable, sightings.tables());
    LabelRule rule = sightings.rule();
    Arrangement arranged =
        Arrangement.of(files, rule, wanted.strategy() != SplitSpec.Strategy.RANDOM);
    List<PackedPicture> placed = PackContents.placed(all, arranged);
    Failure.Invalid problem = PackContents.problem(files, rule, arranged);
    Split split = new Split(new int[0], new int[0]);
    Layout layout = sightings.told(arranged.layout(), List.of());
    try {
      layout = problem == null ? wanted.told(placed, layout) : layout;
      split = problem == null ? wanted.of(placed) : split;
    } catch (Failure.Invalid e) {
      problem = e;
    }
    return new Preview(
        (int) placed.stream().filter(picture -> picture.label() != null).count(),
        wanted.resolved(placed),
        new Auditor(placed, split).labels(),
        layout,
        problem);
  }

  private static PackedPicture unread(String path) {
    return new PackedPicture(path, null, null, 0, 0, 0, 0, NONE, 0, 0);
  }
}
