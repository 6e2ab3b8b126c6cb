package dev.onecycle.torch.onednn;

import dev.onecycle.recipe.Activation;
import org.jspecify.annotations.Nullable;

/** A function of each number by itself, as oneDNN has it. */
record Eltwise(int kind, float alpha, float beta) {

  static final Eltwise SIGMOID = new Eltwise(OneDnn.ELTWISE_LOGISTIC, 0, 0);

  static @Nullable Eltwise of(@Nullable Activation activation) {
    return activation == null
        ? null
        : switch (activation) {
          case RELU -> new Eltwise(OneDnn.ELTWISE_RELU, 0, 0);
          case MISH -> new Eltwise(OneDnn.ELTWISE_MISH, 0, 0);
          case SILU -> new Eltwise(OneDnn.ELTWISE_SWISH, 1, 0);
          case HARDSWISH -> new Eltwise(OneDnn.ELTWISE_HARDSWISH, 1f / 6, 0.5f);
          case GELU -> new Eltwise(OneDnn.ELTWISE_GELU_ERF, 0, 0);
        };
  }
}
