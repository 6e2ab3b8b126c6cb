package dev.onecycle.work.labels;

import dev.onecycle.dataset.DatasetVersions.Verdict;
import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.dataset.pixels.Sha256;
import dev.onecycle.evaluation.ConfidentLearning;
import dev.onecycle.evaluation.Opinion;
import dev.onecycle.run.output.LabelDoubt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The pictures of a dataset in the order in which their labels deserve a look: those first that
 * stand under two labels, byte by byte the same, then by the networks' opinions. Pictures whose
 * labels people have found right are left out.
 */
public final class Doubts {

  /** The most pictures that are ranked. */
  public static final int MOST = 100_000;

  /** Why a label is doubted. */
  enum Reason {
    /** The same picture stands under another label. */
    DUPLICATE("duplicate"),
    /** A network is confident of another label. */
    CONFIDENT("confident"),
    /** A network would give another label, and is not sure. */
    UNSURE("unsure"),
    /** None: the network would give this label, too. */
    NONE("none");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  private final List<PackedPicture> pictures;
  private final List<String> labels;
  private final ConfidentLearning learnt;
  private final Map<Sha256, Set<String>> labelsOf = new HashMap<>();

  /**
   * @param pictures of the dataset
   * @param labels of the dataset, in order
   */
  public Doubts(List<PackedPicture> pictures, List<String> labels, ConfidentLearning learnt) {
    this.pictures = pictures;
    this.labels = labels;
    this.learnt = learnt;
    for (PackedPicture picture : pictures) {
      if (picture.label() != null) {
        labelsOf.computeIfAbsent(picture.sha256(), same -> new HashSet<>()).add(picture.label());
      }
    }
  }

  /** Returns how many pictures stand under two labels or more. */
  public int duplicates() {
    return (int) pictures.stream().filter(this::twice).count();
  }

  private boolean twice(PackedPicture picture) {
    return picture.label() != null && sameLabels(picture).size() > 1;
  }

  private Set<String> sameLabels(PackedPicture picture) {
    return labelsOf.getOrDefault(picture.sha256(), Set.of());
  }

  /**
   * Ranks pictures.
   *
   * @param confirmed what people said about labels
   */
  public List<LabelDoubt> ranked(List<Opinion> opinions, Set<Verdict> confirmed) {
    Comparator<Opinion> order =
        Comparator.comparing((Opinion opinion) -> !twice(pictures.get(opinion.picture())))
            .thenComparingDouble(Opinion::odds)
            .thenComparingInt(Opinion::picture);
    List<LabelDoubt> ranked = new ArrayList<>();
    opinions.stream()
        .filter(opinion -> !confirmed.contains(verdict(opinion)))
        .sorted(order)
        .limit(MOST)
        .forEach(opinion -> ranked.add(doubt(opinion)));
    return ranked;
  }

  private Verdict verdict(Opinion opinion) {
    return new Verdict(opinion.picture(), labels.get(opinion.given()));
  }

  private LabelDoubt doubt(Opinion opinion) {
    Reason reason = reason(opinion);
    int likely = reason == Reason.DUPLICATE ? twin(opinion) : opinion.other();
    double probability = 0;
    for (int i = 0; i < opinion.likely().length; i++) {
      probability = opinion.likely()[i] == likely ? opinion.probabilities()[i] : probability;
    }
    return new LabelDoubt(
        opinion.picture(), opinion.given(), likely, opinion.own(), probability, reason.word());
  }

  private Reason reason(Opinion opinion) {
    if (twice(pictures.get(opinion.picture()))) {
      return Reason.DUPLICATE;
    }
    if (opinion.agrees()) {
      return Reason.NONE;
    }
    int confident = learnt.confident(opinion);
    return confident >= 0 && confident != opinion.given() ? Reason.CONFIDENT : Reason.UNSURE;
  }

  /** Returns the most likely of the other labels that the same picture stands under. */
  private int twin(Opinion opinion) {
    Set<String> others = sameLabels(pictures.get(opinion.picture()));
    String own = labels.get(opinion.given());
    for (int label : opinion.likely()) {
      if (!labels.get(label).equals(own) && others.contains(labels.get(label))) {
        return label;
      }
    }
    return others.stream()
        .filter(other -> !Objects.equals(other, own))
        .sorted()
        .mapToInt(labels::indexOf)
        .findFirst()
        .orElseThrow();
  }
}
