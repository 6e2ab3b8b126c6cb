package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Arrangement;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.Part;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.layout.Placed;
import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How files would be understood, by their names alone. For one thread. */
public final class PackPreview {

  private final TreeSet<PicturePath> pictures =
      new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
  private final List<PicturePath> unreadable = new ArrayList<>();
  private final Sightings sightings;

  public PackPreview(LabelRule rule) {
    sightings = new Sightings(rule);
  }

  /**
   * What it found.
   *
   * @param pictures that have a label
   * @param labels sorted by name, with the pictures in each part; those in none are not counted
   * @param problem why an import of it would fail, or null
   */
  public record Preview(
      int pictures, List<LabelCount> labels, Layout layout, Failure.@Nullable Invalid problem) {}

  /** What is met that is no picture. */
  public Sightings sightings() {
    return sightings;
  }

  public void add(PicturePath path) {
    pictures.add(path);
  }

  /** Notes a picture that cannot be read. */
  public void leaveOut(PicturePath path, String why) {
    unreadable.add(path);
    if (unreadable.size() == 1) {
      sightings.note("'" + path + "' " + why + ", and would be left out, as may be others");
    }
  }

  /** What the files are under this split. */
  public Preview finish(SplitSpec split) {
    List<PicturePath> all = List.copyOf(pictures);
    LabelRule rule = sightings.rule();
    Arrangement.Files files = new Arrangement.Files(all, unreadable, sightings.tables());
    Arrangement arranged =
        Arrangement.of(files, rule, split.strategy() != SplitSpec.Strategy.RANDOM);
    Map<String, LabelCount> counts = new TreeMap<>();
    int labelled = 0;
    for (Placed one : arranged.placed()) {
      if (one.label() != null) {
        labelled++;
        LabelCount count =
            counts.computeIfAbsent(one.label(), label -> new LabelCount(label, 0, 0));
        Part part = one.part();
        counts.put(one.label(), part == null ? count : count.plus(part));
      }
    }
    return new Preview(
        labelled,
        List.copyOf(counts.values()),
        sightings.told(arranged.layout(), List.of()),
        PackContents.problem(files, rule, arranged));
  }
}
