package dev.onecycle.torch;

import ai.djl.ndarray.types.DataType;

/** The element types that this service uses, with TorchScript's number for each. */
public enum DType {
  UINT8(0, 1, DataType.UINT8),
  INT8(1, 1, DataType.INT8),
  INT64(4, 8, DataType.INT64),
  FLOAT32(6, 4, DataType.FLOAT32),
  BFLOAT16(15, 2, DataType.BFLOAT16);

  private final int scriptCode;
  private final int bytes;
  final DataType djl;

  DType(int scriptCode, int bytes, DataType djl) {
    this.scriptCode = scriptCode;
    this.bytes = bytes;
    this.djl = djl;
  }

  /** Returns the number that stands for this type in TorchScript text: {@code torch.to(x, 15)}. */
  public int scriptCode() {
    return scriptCode;
  }

  /** Returns the bytes of one element. */
  public int bytes() {
    return bytes;
  }

  static DType of(DataType djl) {
    for (DType type : values()) {
      if (type.djl == djl) {
        return type;
      }
    }
    if (djl == DataType.UNKNOWN) {
      return BFLOAT16; // The one type in use that DJL does not tell apart.
    }
    throw new IllegalArgumentException("a tensor of " + djl + ". This is a bug.");
  }
}
