package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Settings;
import dev.onecycle.recipe.Tta;
import dev.onecycle.serving.PredictionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The query of a prediction; every part may be absent.
 *
 * @param tta none, flip, 4, 8, or auto: more views only where the plain one leaves doubt
 * @param budgetMs with auto: for how many milliseconds more views may be asked for, 1 to 60000
 * @param combine mean or max
 * @param beta weight of the plain view in the mean, 0 to 1
 * @param seed where augmented views are drawn from
 * @param topK labels in the answer, 1 to 1000
 * @param calibrated whether the temperature of the checkpoint's evaluation is applied
 */
public record PredictionQuery(
    @Nullable String tta,
    @Nullable Integer budgetMs,
    @Nullable String combine,
    @Nullable Double beta,
    @Nullable Long seed,
    @Nullable Integer topK,
    @Nullable Boolean calibrated) {

  private static final int MOST_LABELS = 1000;
  private static final int LONGEST_BUDGET = 60_000;

  /**
   * Returns what it asks of a checkpoint, which is looked at only where it is to be calibrated.
   *
   * @throws Failure.Invalid naming each part that is wrong
   * @throws Failure.Conflict where calibration is asked for and nothing is known to calibrate with
   */
  PredictionOptions options(Supplier<Checkpoint> checkpoint) {
    PredictionOptions options = options();
    return Boolean.TRUE.equals(calibrated) ? options.calibrated(checkpoint.get()) : options;
  }

  /**
   * Returns what {@link #options} does for a run over many pictures, which looks at the same views
   * of each.
   *
   * @throws Failure.Invalid naming each part that is wrong, {@code auto} among them
   * @throws Failure.Conflict where calibration is asked for and nothing is known to calibrate with
   */
  public PredictionOptions ofRun(Supplier<Checkpoint> checkpoint) {
    PredictionOptions options = options(checkpoint);
    if (options.views() == ViewChoice.AUTO) {
      String message =
          "auto is for single predictions: a run looks at the same views of each picture";
      throw Settings.invalid(List.of(new FieldError("tta", message, tta, null)));
    }
    return options;
  }

  private PredictionOptions options() {
    PredictionOptions absent = PredictionOptions.DEFAULT;
    List<FieldError> errors = new ArrayList<>();
    ViewChoice views =
        word("tta", tta, absent.views(), ViewChoice.values(), ViewChoice::word, errors);
    if (budgetMs != null && views != ViewChoice.AUTO) {
      errors.add(new FieldError("budgetMs", "goes with tta=auto only", budgetMs, null));
    } else if (budgetMs != null && (budgetMs < 1 || budgetMs > LONGEST_BUDGET)) {
      String message = budgetMs + " is not between 1 and " + LONGEST_BUDGET;
      errors.add(new FieldError("budgetMs", message, budgetMs, LONGEST_BUDGET));
    }
    Tta.Combine how =
        word(
            "combine",
            combine,
            absent.combine(),
            Tta.Combine.values(),
            c -> c.name().toLowerCase(Locale.ROOT),
            errors);
    if (beta != null && !(beta >= 0 && beta <= 1)) {
      errors.add(new FieldError("beta", beta + " is not between 0 and 1", beta, 1));
    }
    if (topK != null && (topK < 1 || topK > MOST_LABELS)) {
      String message = topK + " is not between 1 and " + MOST_LABELS;
      errors.add(new FieldError("topK", message, topK, MOST_LABELS));
    }
    Settings.refuse(errors);
    return new PredictionOptions(
        views,
        how,
        beta == null ? absent.beta() : beta,
        seed == null ? absent.seed() : new Seed(seed),
        budgetMs == null ? absent.budget() : Duration.ofMillis(budgetMs),
        topK == null ? absent.topK() : topK,
        absent.temperature());
  }

  private static <T> T word(
      String field,
      @Nullable String given,
      T absent,
      T[] known,
      Function<T, String> word,
      List<FieldError> errors) {
    if (given == null) {
      return absent;
    }
    for (T candidate : known) {
      if (word.apply(candidate).equals(given)) {
        return candidate;
      }
    }
    List<String> words = Arrays.stream(known).map(word).toList();
    errors.add(new FieldError(field, Nearest.unknown("value", given, words), given, words));
    return absent;
  }
}
