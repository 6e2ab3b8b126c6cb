package dev.onecycle.work;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.serving.Prediction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prediction of one picture in a batch prediction: a line of its output.
 *
 * @param path where the picture lies in its dataset or below its directory
 * @param actual its label, or null where nobody knows
 * @param predictions the most probable labels, best first; null where there is a problem
 * @param problem why it could not be predicted, or null
 */
@JsonPropertyOrder({"path", "actual", "predictions", "tta", "problem"})
public record PredictedPicture(
    String path,
    @Nullable String actual,
    @Nullable List<Prediction.Ranked> predictions,
    Prediction.@Nullable Agreement tta,
    @Nullable Problem problem) {}
