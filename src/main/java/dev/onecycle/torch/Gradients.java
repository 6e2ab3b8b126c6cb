package dev.onecycle.torch;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/** The recording of gradients: off on every torch thread, on between {@link #record} and close. */
public final class Gradients {

  /** A recording that ends when it is closed. */
  public interface Recording extends AutoCloseable {
    @Override
    void close();
  }

  private Gradients() {}

  /** Starts recording on the calling torch thread. */
  public static Recording record() {
    TorchThread.current();
    JniUtils.setGradMode(true);
    return () -> JniUtils.setGradMode(false);
  }

  static Tensor ones(Tensor scalar) {
    Shape shape = scalar.array.getShape();
    return new Tensor((PtNDArray) Scope.current().tensors.ones(shape));
  }
}
