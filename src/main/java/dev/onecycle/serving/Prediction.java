package dev.onecycle.serving;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a network about one picture.
 *
 * @param predictions the most probable labels, best first
 * @param precision what the network computed in: {@code float32}, {@code bfloat16} or {@code int8}
 */
public record Prediction(List<Ranked> predictions, Agreement tta, String precision, Timing timing) {

  /**
   * A label and how sure the network is: a probability (those of all labels sum to 1), or the
   * largest one of any view as a score (they do not). The other is null.
   */
  public record Ranked(String label, @Nullable Double probability, @Nullable Double score) {}

  /**
   * The views that were looked at, and how far they agree.
   *
   * @param views how many views were looked at
   * @param agreement share of them whose own best label is the answer's, 0 to 1
   * @param margin how far the plain view's two best labels are apart, 0 to 1; with {@code tta=auto}
   *     only
   * @param reason why there were so many: {@code clear} (the margin is wide), {@code close} (it is
   *     not), {@code budget} (it is not, and there was no time for as many), {@code busy} (it is
   *     not, and too many others wait); with {@code tta=auto} only
   */
  public record Agreement(
      int views, double agreement, @Nullable Double margin, @Nullable String reason) {

    /** Makes one of as many views as were asked for. */
    public Agreement(int views, double agreement) {
      this(views, agreement, null, null);
    }
  }

  /**
   * The time that the parts of a prediction took; waiting for the device is apart from computing on
   * it.
   */
  public record Timing(double decodeMs, double viewsMs, double queueMs, double inferenceMs) {}
}
