package dev.onecycle.dataset.pixels;

import dev.onecycle.dataset.pixels.Audit.Duplicates;
import dev.onecycle.dataset.pixels.Audit.EmptyClass;
import dev.onecycle.dataset.pixels.Audit.Imbalance;
import dev.onecycle.dataset.pixels.Audit.Likeness;
import dev.onecycle.dataset.pixels.Audit.Listing;
import dev.onecycle.dataset.pixels.Audit.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks over packed pictures and their split. */
final class Auditor {

  private final List<PackedPicture> pictures;
  private final Part[] parts;

  Auditor(List<PackedPicture> pictures, Split split) {
    this.pictures = pictures;
    this.parts = split.parts(pictures.size());
  }

  /** Pictures per label and part, sorted by label. */
  List<LabelCount> labels() {
    Map<String, LabelCount> counts = new LinkedHashMap<>();
    PackedPictures.labels(pictures)
        .forEach(label -> counts.put(label, new LabelCount(label, 0, 0)));
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      if (part != null) {
        counts.computeIfPresent(pictures.get(i).label(), (label, count) -> count.plus(part));
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
      Listing<Audit.Unreadable> unreadable,
      Listing<Audit.Remark> remarks,
      List<String> emptyFolders) {
    List<LabelCount> labels = labels();
    Findings<Duplicates> leaks = new Findings<>();
    Listing<Duplicates> exact = groups(Likeness.EXACT, DuplicateFinder.exact(pictures), leaks);
    Listing<Duplicates> near = groups(Likeness.NEAR, DuplicateFinder.near(pictures, step), leaks);
    return new Audit(
        pictures.size(),
        ignoredFiles,
        unreadable,
        remarks,
        Findings.listing(emptyFolders),
        Findings.listing(emptyClasses(labels)),
        Stream.of(Part.values()).map(part -> imbalance(part, labels)).toList(),
        exact,
        near,
        leaks.listing());
  }

  /** All groups, of which those that leak are found to be {@code leaks}, too. */
  private Listing<Duplicates> groups(
      Likeness likeness, List<int[]> groups, Findings<Duplicates> leaks) {
    Findings<Duplicates> all = new Findings<>();
    for (int[] group : groups) {
      find(all, likeness, group);
      if (leaks(group)) {
        find(leaks, likeness, group);
      }
    }
    return all.listing();
  }

  private void find(Findings<Duplicates> found, Likeness likeness, int[] group) {
    if (found.wantsMore()) {
      found.add(Duplicates.of(likeness, group, this::member));
    } else {
      found.addUnseen();
    }
  }

  private boolean leaks(int[] group) {
    return has(group, Part.TRAIN) && has(group, Part.VALID);
  }

  private boolean has(int[] group, Part part) {
    return IntStream.of(group).anyMatch(i -> parts[i] == part);
  }

  private Member member(int i) {
    return new Member(i, pictures.get(i).path(), pictures.get(i).label(), parts[i]);
  }

  private static List<EmptyClass> emptyClasses(List<LabelCount> labels) {
    List<EmptyClass> empty = new ArrayList<>();
    for (LabelCount label : labels) {
      for (Part part : Part.values()) {
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
