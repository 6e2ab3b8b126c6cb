package dev.onecycle.serving.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.serving.Prediction;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answers to predictions. */
final class PredictionView {

  private PredictionView() {}

  /**
   * One picture's answer.
   *
   * @param model the name that was asked, or null where a checkpoint was
   */
  record Single(@Nullable String model, UUID checkpoint, @JsonUnwrapped Prediction prediction) {}

  /** Several pictures' answers, in their order. */
  record Several(@Nullable String model, UUID checkpoint, List<Item> items) {}

  /**
   * One of several pictures.
   *
   * @param file the name that it was sent with, if any
   * @param prediction null where there is a problem
   * @param problem null where there is a prediction
   */
  record Item(
      @Nullable String file,
      @JsonUnwrapped @Nullable Prediction prediction,
      @Nullable Problem problem) {}
}
