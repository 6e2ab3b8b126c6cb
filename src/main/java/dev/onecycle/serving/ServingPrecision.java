package dev.onecycle.serving;

/** What convolutions compute in when predicting. */
public enum ServingPrecision {
  /** bfloat16 where the device is faster at it, float32 elsewhere. */
  AUTO,
  FLOAT32,
  BFLOAT16
}
