package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a network computes of each number after a norm. */
public enum Activation {
  /** {@code max(x, 0)}. */
  @JsonProperty("relu")
  RELU,
  /** {@code x * tanh(log(1 + e^x))} (Misra, 2019). */
  @JsonProperty("mish")
  MISH,
  /** {@code x / (1 + e^-x)}, also called swish. */
  @JsonProperty("silu")
  SILU,
  /** {@code x * min(max(x + 3, 0), 6) / 6}: nearly SiLU, without an exponential. */
  @JsonProperty("hardswish")
  HARDSWISH,
  /** {@code x} times the share of a normal distribution that is below it, exactly. */
  @JsonProperty("gelu")
  GELU
}
