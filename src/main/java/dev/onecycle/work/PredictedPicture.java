package dev.onecycle.work;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.serving.Prediction;
import java.util.List;

/**
 * What a batch prediction says about one picture: a line of its output.
 *
 * @param path where the picture lies in its dataset or below its directory
 * @param actual its label, or null where nobody knows
 * @param predictions the most probable labels, best first; null where there is a problem
 * @param problem why it could not be predicted, or null
 */
@JsonPropertyOrder({"path", "actual", "predictions", "tta", "problem"})
public record PredictedPicture(
    String path,
    String actual,
    List<Prediction.Ranked> predictions,
    Prediction.Agreement tta,
    Problem problem) {}
