package dev.onecycle.network;

import dev.onecycle.torch.DType;

/**
 * Mish, {@code x * tanh(log(1 + exp(x)))} ("Mish: A Self Regularized Non-Monotonic Activation
 * Function", Misra, 2020), in TorchScript for processors.
 *
 * <p>The engine's own operator takes three of the slowest functions of each number forward, and
 * three again backward, which was three tenths of a training step of xse_resnext50. With {@code e =
 * exp(x)} it is {@code x * n / (n + 2)}, where {@code n = e * e + 2 * e}, and its slope comes from
 * the same numbers. Both are computed at once, in float32, in pieces that a processor's cache holds
 * between the operators: that takes two fifths of the time, forward and backward together.
 */
final class Mish {

  /** How many numbers are worked on at a time, and the fewest that are worth it. */
  private static final int PIECE = 1 << 18;

  private static final int WORTH_IT = 1 << 16;

  private static final String METHOD =
      """
      def %1$s(self, x: Tensor) -> Tensor:
        if x.is_cuda or torch.dim(x) != 4 or torch.numel(x) < %2$d:
          return torch.mish(x)
        p = torch.permute(torch.detach(x), [0, 2, 3, 1])
        flat = torch.reshape(p, [-1])
        value = torch.empty_like(flat)
        values = torch.split(value, %3$d)
        %5$s
        i = 0
        for piece in torch.split(flat, %3$d):
          t = torch.to(piece, %4$d)
          # Beyond 20 it is x, and e * e would leave float32 at 44.
          e = torch.exp_(torch.clamp_max(t, 20.))
          s = torch.addcmul(e, e, e)
          n = torch.add(s, e)
          r = torch.reciprocal_(torch.add(n, 2.))
          n = torch.mul_(n, r)
          v = torch.copy_(values[i], torch.mul(t, n))
          %6$s
          i += 1
        value = torch.permute(torch.view(value, torch.size(p)), [0, 3, 1, 2])
        %7$s
      """;

  private static final String SLOPE =
      """
      slope = torch.empty_like(flat)
        slopes = torch.split(slope, %d)"""
          .formatted(PIECE);

  private static final String SLOPE_OF_PIECE =
      """
      s = torch.mul_(torch.mul_(torch.mul_(s, r), r), t)
          v = torch.copy_(slopes[i], torch.add_(n, s, alpha=4.))""";

  /**
   * A product with the slope has the right gradient and remembers the slope alone; the value takes
   * the product's place, which nothing else reads.
   */
  private static final String WITH_GRADIENT =
      """
      slope = torch.permute(torch.view(slope, torch.size(p)), [0, 3, 1, 2])
        x = torch.mul(x, slope)
        value = torch.copy_(torch.detach(x), value)
        return x
      """;

  private Mish() {}

  /** Returns the method {@code mish}, whose result has no gradient. */
  static String value() {
    return method("mish", "pass", "pass", "return value");
  }

  /** Returns the method {@code mish_with_gradient}. */
  static String withGradient() {
    return method("mish_with_gradient", SLOPE, SLOPE_OF_PIECE, WITH_GRADIENT);
  }

  private static String method(String name, String before, String inside, String after) {
    return METHOD.formatted(
        name, WORTH_IT, PIECE, DType.FLOAT32.scriptCode(), before, inside, after);
  }
}
