package dev.onecycle.training;

import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.ViewedAnswers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What test-time augmentation is worth, and what it costs: the choices that a prediction has.
 *
 * @param pictures how many of the validation pictures this was measured on
 */
public record TtaMenu(int pictures, List<Choice> choices) {

  /** How many views of each picture it looks at. */
  public static final int PASSES = 10;

  /** Weight of the plain view beside augmented ones: fastai's. */
  private static final double BETA = .25;

  /**
   * One choice.
   *
   * @param tta as a prediction's parameter {@code tta} says it
   * @param views how many views of each picture it takes, the plain one among them
   * @param accuracy share of the pictures told right, 0 to 1
   * @param msPerImage from decoding to logits, in batches on this machine
   */
  public record Choice(String tta, int views, double accuracy, double msPerImage) {}

  /** Measures all choices on {@code answers}: ten passes over its pictures. */
  public static TtaMenu of(PictureAnswers answers) {
    List<Choice> choices = new ArrayList<>();
    PictureAnswers.Answers plain = answers.plain();
    choices.add(choice("none", plain.logits().accuracy(), List.of(plain)));
    // A mirror image is as good a view as the plain one.
    PictureAnswers.Answers mirrored = answers.mirrored();
    double flipped =
        new ViewedAnswers(plain.logits(), List.of(mirrored.logits())).accuracyOfMean(.5);
    choices.add(choice("flip", flipped, List.of(plain, mirrored)));
    choices.add(augmented(answers, 4));
    choices.add(augmented(answers, 8));
    return new TtaMenu(answers.size(), choices);
  }

  private static Choice augmented(PictureAnswers answers, int views) {
    List<PictureAnswers.Answers> passes = new ArrayList<>();
    List<LabelledLogits> logits = new ArrayList<>();
    for (int view = 0; view < views; view++) {
      passes.add(answers.augmented(view));
      logits.add(answers.augmented(view).logits());
    }
    passes.add(answers.plain());
    double accuracy = new ViewedAnswers(answers.plain().logits(), logits).accuracyOfMean(BETA);
    return choice(Integer.toString(views), accuracy, passes);
  }

  private static Choice choice(String tta, double accuracy, List<PictureAnswers.Answers> passes) {
    Duration took =
        passes.stream().map(PictureAnswers.Answers::took).reduce(Duration.ZERO, Duration::plus);
    double each = took.toNanos() / 1e6 / passes.get(0).logits().size();
    return new Choice(tta, passes.size(), accuracy, Math.round(each * 1e3) / 1e3);
  }
}
