package dev.onecycle.dataset.pixels;

import dev.onecycle.dataset.pixels.Audit.Duplicates;
import dev.onecycle.dataset.pixels.Audit.EmptyClass;
import dev.onecycle.dataset.pixels.Audit.Imbalance;
import dev.onecycle.dataset.pixels.Audit.Likeness;
import dev.onecycle.dataset.pixels.Audit.Listing;
import dev.onecycle.dataset.pixels.Audit.Member;
import dev.onecycle.layout.Part;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
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
    PackIndex.labels(pictures).forEach(label -> counts.put(label, new LabelCount(label, 0, 0)));
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
   * @param step taken often; may throw to end the audit
   */
  Audit audit(
      Runnable step,
      int ignoredFiles,
      Listing<Audit.Unreadable> unreadable,
      Listing<Audit.Remark> remarks,
      Listing<String> emptyFolders) {
    List<LabelCount> labels = labels();
    Findings<Duplicates> leaks = new Findings<>();
    Listing<Duplicates> exact = groups(Likeness.EXACT, DuplicateFinder.exact(pictures), leaks);
    Listing<Duplicates> near = groups(Likeness.NEAR, DuplicateFinder.near(pictures, step), leaks);
    return new Audit(
        pictures.size(),
        ignoredFiles,
        unreadable,
        unlabelled(),
        remarks,
        emptyFolders,
        emptyClasses(labels),
        Stream.of(Part.values())
            .filter(part -> labels.stream().anyMatch(label -> label.in(part) > 0))
            .map(part -> imbalance(part, labels))
            .toList(),
        exact,
        near,
        leaks.listing());
  }

  private Listing<String> unlabelled() {
    Findings<String> unlabelled = new Findings<>();
    for (PackedPicture picture : pictures) {
      if (picture.label() == null) {
        unlabelled.add(picture.path());
      }
    }
    return unlabelled.listing();
  }

  /** All groups, of which those that leak are found to be {@code leaks}, too. */
  private Listing<Duplicates> groups(
      Likeness likeness, List<int[]> groups, Findings<Duplicates> leaks) {
    Findings<Duplicates> all = new Findings<>();
    for (int[] group : groups) {
      all.add(() -> Duplicates.of(likeness, group, this::member));
      if (leaks(group)) {
        leaks.add(() -> Duplicates.of(likeness, group, this::member));
      }
    }
    return all.listing();
  }

  private boolean leaks(int[] group) {
    return IntStream.of(group)
            .mapToObj(i -> parts[i])
            .filter(Objects::nonNull)
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  private Member member(int i) {
    return new Member(i, pictures.get(i).path(), pictures.get(i).label(), parts[i]);
  }

  private static Listing<EmptyClass> emptyClasses(List<LabelCount> labels) {
    Findings<EmptyClass> empty = new Findings<>();
    for (LabelCount label : labels) {
      for (Part part : List.of(Part.TRAIN, Part.VALID)) {
        if (label.in(part) == 0) {
          empty.add(new EmptyClass(label.name(), part));
        }
      }
    }
    return empty.listing();
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
