package dev.onecycle.dataset.pixels;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.layout.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
    unlabelled = unlabelled == null ? Listing.none() : unlabelled;
    remarks = remarks == null ? Listing.none() : remarks;
  }

  /**
   * The start of a list that may be long.
   *
   * @param count how many there are
   * @param items the first ones: at most 200, fewer where they have much text
   */
  public record Listing<T>(int count, List<T> items) {

    static <T> Listing<T> none() {
      return new Listing<>(0, List.of());
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

    /**
     * Shows a group.
     *
     * @param group indices, ascending
     * @param member what to show of each
     */
    static Duplicates of(Likeness likeness, int[] group, IntFunction<Member> member) {
      List<Member> first = new ArrayList<>();
      IntStream.of(group).limit(MAX_PICTURES).mapToObj(member).forEach(first::add);
      int last = first.size();
      for (Part part : Part.values()) {
        if (first.stream().noneMatch(m -> m.part == part)) {
          Optional<Member> one =
              IntStream.of(group).mapToObj(member).filter(m -> m.part == part).findFirst();
          if (one.isPresent()) {
            first.set(--last, one.get());
          }
        }
      }
      return new Duplicates(likeness, group.length, List.copyOf(first));
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
