package dev.onecycle.dataset.pixels;

import dev.onecycle.dataset.pixels.Audit.Duplicates;
import dev.onecycle.dataset.pixels.Audit.EmptyClass;
import dev.onecycle.dataset.pixels.Audit.Imbalance;
import dev.onecycle.dataset.pixels.Audit.Likeness;
import dev.onecycle.dataset.pixels.Audit.Listing;
import dev.onecycle.dataset.pixels.Audit.Member;
import dev.onecycle.layout.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Looks over packed pictures and their split. */
final class Auditor {

  private final List<PackedPicture> pictures;
  private final Part[] parts;

  Auditor(List<PackedPicture> pictures, Split split) {
    this.pictures = pictures;
    this.parts = split.parts(pictures);
  }

  /** Pictures per label and part, sorted by label. */
  List<LabelCount> labels() {
    Map<String, LabelCount> counts = new LinkedHashMap<>();
    PackedPictures.labels(pictures)
        .forEach(label -> counts.put(label, new LabelCount(label, 0, 0)));
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      String name = pictures.get(i).label();
      if (part != null && name != null) {
        counts.computeIfPresent(name, (label, count) -> count.plus(part));
      }
    }
    return List.copyOf(counts.values());
  }

  /**
   * @param step taken at every picture; may throw to end the audit
   */
  Audit audit(
      Runnable step,
      int ignoredFiles,
      List<Audit.Unreadable> unreadable,
      List<Audit.Remark> remarks,
      List<String> emptyFolders) {
    List<LabelCount> labels = labels();
    List<Duplicates> exact = groups(Likeness.EXACT, DuplicateFinder.exact(pictures));
    List<Duplicates> near = groups(Likeness.NEAR, DuplicateFinder.near(pictures, step));
    return new Audit(
        pictures.size(),
        ignoredFiles,
        Listing.of(unreadable),
        Listing.of(unlabelled()),
        Listing.of(remarks),
        Listing.of(emptyFolders),
        Listing.of(emptyClasses(labels)),
        Stream.of(Part.values())
            .filter(part -> labels.stream().anyMatch(label -> label.in(part) > 0))
            .map(part -> imbalance(part, labels))
            .toList(),
        Listing.of(exact),
        Listing.of(near),
        Listing.of(
            Stream.concat(exact.stream(), near.stream()).filter(Duplicates::leaks).toList()));
  }

  private List<String> unlabelled() {
    return pictures.stream().filter(p -> p.label() == null).map(PackedPicture::path).toList();
  }

  private List<Duplicates> groups(Likeness likeness, List<List<Integer>> groups) {
    return groups.stream()
        .map(group -> Duplicates.of(likeness, group.stream().map(this::member).toList()))
        .toList();
  }

  private Member member(int i) {
    return new Member(i, pictures.get(i).path(), pictures.get(i).label(), parts[i]);
  }

  private static List<EmptyClass> emptyClasses(List<LabelCount> labels) {
    List<EmptyClass> empty = new ArrayList<>();
    for (LabelCount label : labels) {
      for (Part part : List.of(Part.TRAIN, Part.VALID)) {
        if (label.in(part) == 0) {
          empty.add(new EmptyClass(label.name(), part));
        }
      }
    }
    return empty;
  }

  private static Imbalance imbalance(Part part, List<LabelCount> labels) {
    Comparator<LabelCount> byCount = Comparator.comparingInt(label -> label.in(part));
    List<LabelCount> filled =
        labels.stream().filter(label -> label.in(part) > 0).sorted(byCount).toList();
    LabelCount smallest = filled.get(0);
    LabelCount largest = filled.get(filled.size() - 1);
    return new Imbalance(
        part,
        filled.stream().mapToInt(label -> label.in(part)).sum(),
        largest.name(),
        largest.in(part),
        smallest.name(),
        smallest.in(part),
        (double) largest.in(part) / smallest.in(part));
  }
}
