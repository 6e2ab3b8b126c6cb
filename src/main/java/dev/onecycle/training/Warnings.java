package dev.onecycle.training;

import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The warnings of what a recipe does on a dataset that its author may not mean: sentences for
 * people.
 */
public final class Warnings {

  private static final int MOST_NAMES = 5;

  /** Fewer epochs than this rarely show what blending is for, says the notebook's text. */
  private static final int EPOCHS_FOR_MIXUP = 80;

  /** How large a share of the pictures may miss each epoch before it is worth a word. */
  private static final double MUCH_DROPPED = 0.1;

  private final Recipe recipe;
  private final DataFacts data;
  private final List<String> found = new ArrayList<>();

  private Warnings(Recipe recipe, DataFacts data) {
    this.recipe = recipe;
    this.data = data;
  }

  /** Returns the warnings, the dataset's first; empty where nothing is doubtful. */
  public static List<String> of(Recipe recipe, DataFacts data) {
    Warnings warnings = new Warnings(recipe, data);
    warnings.labels();
    warnings.split();
    for (int i = 0; i < recipe.phases().size(); i++) {
      warnings.phase("phases[" + i + "]", recipe.phases().get(i));
    }
    warnings.whole();
    return List.copyOf(warnings.found);
  }

  private void labels() {
    if (recipe.split() == Recipe.Split.REDRAW_EACH_PHASE) {
      return; // Nobody knows yet where the pictures will be.
    }
    labels(
        label -> label.train() == 0,
        "have no training picture and cannot be learned; add some or split anew");
    labels(
        label -> label.valid() == 0,
        "have no validation picture, so accuracy says nothing about them; split anew");
    labels(
        label -> label.train() == 1,
        "have a single training picture each, which is learned by heart; add some");
  }

  private void labels(Predicate<LabelCount> which, String what) {
    List<String> names = data.labels().stream().filter(which).map(LabelCount::name).toList();
    if (!names.isEmpty()) {
      String more = names.size() > MOST_NAMES ? " and others" : "";
      List<String> some = names.subList(0, Math.min(MOST_NAMES, names.size()));
      found.add(names.size() + " labels (" + String.join(", ", some) + more + ") " + what);
    }
  }

  private void split() {
    if (recipe.split() == Recipe.Split.REDRAW_EACH_PHASE && recipe.phases().size() > 1) {
      found.add(
          "split redraw-each-phase leaks: from the second phase on, validation has pictures that"
              + " an earlier phase trained on, and accuracy is too high");
    }
  }

  private void phase(String name, Phase phase) {
    if (phase.freezeEpochs() > 0 && phase.parameterGroups() == 1) {
      found.add(
          "%s: freezeEpochs %d with parameterGroups 1 freezes nothing; 2 keeps the body still"
              .formatted(name, phase.freezeEpochs()));
    }
    Integer side = data.medianSide();
    if (side != null && phase.size() > side) {
      found.add(
          "%s: size %d > %d, the shorter side of half of the pictures, which are scaled up"
              .formatted(name, phase.size(), side));
    }
    int pictures = data.trainPictures(recipe);
    phase.stretches().stream()
        .map(Stretch::batchSize)
        .distinct()
        .filter(batch -> pictures % batch > MUCH_DROPPED * pictures)
        .forEach(
            batch ->
                found.add(
                    "%s: each epoch leaves out %d of %d training pictures, which do not fill a batch of %d"
                        .formatted(name, pictures % batch, pictures, batch)));
  }

  private void whole() {
    if (recipe.normalize() == Recipe.Normalization.NONE) {
      found.add("normalize none: pictures stay 0 to 1, which usually costs accuracy");
    }
    if (recipe.mixup() != null && recipe.totalEpochs() < EPOCHS_FOR_MIXUP) {
      found.add(
          "mixup rarely helps in fewer than %d epochs; this recipe has %d"
              .formatted(EPOCHS_FOR_MIXUP, recipe.totalEpochs()));
    }
  }
}
