package dev.onecycle.dataset.pixels;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.layout.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is worth knowing about a dataset before training on it.
 *
 * @param pictures how many were packed
 * @param ignoredFiles files whose names do not end like a picture's
 * @param unreadable pictures that were left out because they cannot be read
 * @param unlabelled pictures that are left out because they have no label, see the layout
 * @param remarks what is odd about pictures that were taken all the same
 * @param emptyFolders folders without a single picture below them
 * @param emptyClasses labels that a part of the split has no picture of
 * @param imbalance per part of the split
 * @param exactDuplicates pictures with the same bytes
 * @param nearDuplicates pictures that look the same but differ in bytes
 * @param leaks duplicates of either kind with members in several parts
 */
public record Audit(
    int pictures,
    int ignoredFiles,
    Listing<Unreadable> unreadable,
    Listing<String> unlabelled,
    Listing<Remark> remarks,
    Listing<String> emptyFolders,
    Listing<EmptyClass> emptyClasses,
    List<Imbalance> imbalance,
    Listing<Duplicates> exactDuplicates,
    Listing<Duplicates> nearDuplicates,
    Listing<Duplicates> leaks) {

  public Audit {
    // Those of earlier versions have none.
    unlabelled = unlabelled == null ? Listing.of(List.of()) : unlabelled;
    remarks = remarks == null ? Listing.of(List.of()) : remarks;
  }

  /**
   * The start of a list that may be long.
   *
   * @param count how many there are
   * @param items the first 200
   */
  public record Listing<T>(int count, List<T> items) {

    private static final int MAX_ITEMS = 200;

    static <T> Listing<T> of(List<T> all) {
      return new Listing<>(
          all.size(), List.copyOf(all.subList(0, Math.min(MAX_ITEMS, all.size()))));
    }
  }

  /** A picture that was left out, and why. */
  public record Unreadable(String path, String reason) {}

  /** A picture that was taken, and what is odd about it. */
  public record Remark(String path, String text) {}

  /** A label without pictures in a part. */
  public record EmptyClass(String label, Part part) {}

  /**
   * How evenly the labels of a part are filled.
   *
   * @param ratio largest over smallest among the labels that have pictures; 1 is even
   */
  public record Imbalance(
      Part part,
      int pictures,
      String largest,
      int most,
      String smallest,
      int fewest,
      double ratio) {}

  /** How alike duplicates are. */
  public enum Likeness {
    /** The same bytes. */
    @JsonProperty("exact")
    EXACT,
    /** Fingerprints that differ in at most 3 of 64 bits, and nearly the same mean colour. */
    @JsonProperty("near")
    NEAR
  }

  /**
   * Two or more pictures that are alike.
   *
   * @param count how many there are
   * @param pictures the first 20; of a group with members in both parts, some of each
   */
  public record Duplicates(Likeness likeness, int count, List<Member> pictures) {

    private static final int MAX_PICTURES = 20;

    static Duplicates of(Likeness likeness, List<Member> all) {
      List<Member> first = new ArrayList<>(all.subList(0, Math.min(MAX_PICTURES, all.size())));
      int last = first.size();
      for (Part part : Part.values()) {
        Optional<Member> one = all.stream().filter(m -> m.part == part).findFirst();
        if (one.isPresent() && first.stream().noneMatch(m -> m.part == part)) {
          first.set(--last, one.get());
        }
      }
      return new Duplicates(likeness, all.size(), List.copyOf(first));
    }

    boolean leaks() {
      return pictures.stream().map(m -> m.part).filter(Objects::nonNull).distinct().count() > 1;
    }
  }

  /**
   * A picture of a group.
   *
   * @param image its number in the dataset; null in audits older than this number
   * @param label null for a picture without one
   * @param part null where the split leaves it out
   */
  public record Member(
      @Nullable Integer image, String path, @Nullable String label, @Nullable Part part) {}
}
