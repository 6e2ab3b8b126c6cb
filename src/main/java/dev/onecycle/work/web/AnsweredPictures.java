package dev.onecycle.work.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Page;
import dev.onecycle.run.output.PictureAnswer;
import dev.onecycle.run.output.RunAnswers;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The pictures behind an evaluation, such as those of one cell of its confusion matrix. */
@RestController
@RequestMapping("/api/v1/runs/{id}/evaluation/pictures")
class AnsweredPictures {

  private final EvaluationController evaluations;
  private final RunAnswers answers;

  AnsweredPictures(EvaluationController evaluations, RunAnswers answers) {
    this.evaluations = evaluations;
    this.answers = answers;
  }

  /**
   * A picture that was evaluated.
   *
   * @param image where it can be seen
   * @param loss its cross-entropy
   * @param probability of the predicted label
   */
  record AnsweredPicture(
      String image, String actual, String predicted, double loss, double probability) {}

  /**
   * Pictures with what the weights say of them, those that they are most wrong about first; none of
   * evaluations that are older than this route.
   *
   * @param actual only those of this label
   * @param predicted only those that were given this label
   */
  @Answers(409)
  @GetMapping
  Page<AnsweredPicture> list(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String actual,
      @RequestParam(required = false) @Nullable String predicted,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit,
      @RequestParam(defaultValue = "0") @Min(0) int cursor) {
    EvaluationController.Found found = evaluations.found(id);
    List<String> labels = found.evaluation().confusionMatrix().labels();
    List<PictureAnswer> part =
        answers.of(
            id,
            position("actual", actual, labels),
            position("predicted", predicted, labels),
            cursor,
            limit + 1);
    return new Page<>(
        part.stream()
            .limit(limit)
            .map(
                picture ->
                    new AnsweredPicture(
                        EvaluationView.image(found.dataset(), picture.image()),
                        labels.get(picture.actual()),
                        labels.get(picture.predicted()),
                        picture.loss(),
                        picture.probability()))
            .toList(),
        part.size() > limit ? Integer.toString(cursor + limit) : null);
  }

  private static @Nullable Integer position(
      String field, @Nullable String label, List<String> labels) {
    if (label == null) {
      return null;
    }
    int position = labels.indexOf(label);
    if (position < 0) {
      String message = Nearest.unknown("label", label, labels);
      throw Failure.Invalid.field(field, message, label, null);
    }
    return position;
  }
}
