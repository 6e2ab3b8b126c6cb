package dev.onecycle.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Numbers on a device, owned by a {@link Scope}. What is computed with them is written in {@link
 * Script}s; here are only the ways in, out, and through autograd.
 */
public final class Tensor {

  final PtNDArray array;

  Tensor(PtNDArray array) {
    this.array = array;
  }

  /** Returns float32 zeros on the thread's device. */
  public static Tensor zeros(long... shape) {
    PtNDManager owner = Scope.current().tensors;
    return told(() -> owner.zeros(new Shape(shape)));
  }

  /** Returns float32 numbers, copied to the thread's device, row-major. */
  public static Tensor of(float[] values, long... shape) {
    return of(FloatBuffer.wrap(values), shape);
  }

  /**
   * Returns float32 numbers, the buffer's remaining ones, copied to the thread's device, row-major.
   * On the processor the tensor borrows the copy from Java: whatever shares its memory, such as a
   * view, must not outlive it.
   */
  public static Tensor of(FloatBuffer values, long... shape) {
    checkSize(values.remaining(), shape);
    return there(host -> host.create(values, new Shape(shape), DType.FLOAT32.djl));
  }

  /**
   * Returns float32 numbers in a direct buffer of native order, from its beginning to its limit,
   * row-major. On the processor the tensor is that memory: whoever owns it leaves it alone while
   * the tensor lives.
   */
  public static Tensor over(ByteBuffer values, long... shape) {
    ByteBuffer whole = values.duplicate().rewind();
    checkSize(whole.remaining() / DType.FLOAT32.bytes(), shape);
    PtNDManager owner = Scope.current().tensors;
    return told(() -> owner.create(whole, new Shape(shape), DType.FLOAT32.djl));
  }

  /** Returns int64 numbers, copied to the thread's device, row-major. */
  public static Tensor of(long[] values, long... shape) {
    checkSize(values.length, shape);
    LongBuffer numbers = LongBuffer.wrap(values);
    return there(host -> host.create(numbers, new Shape(shape), DType.INT64.djl));
  }

  /**
   * Returns what {@code making} makes on the host, on the thread's device; nobody waits for a copy.
   */
  private static Tensor there(Function<NDManager, NDArray> making) {
    PtNDManager owner = Scope.current().tensors;
    if (!TorchThread.current().device().cuda()) {
      return told(() -> making.apply(owner));
    }
    Tensor host = told(() -> making.apply(owner.newSubManager(Device.cpu())));
    return TorchThread.current().upload().call("locked_and_sent", host);
  }

  private static Tensor told(Supplier<NDArray> making) {
    return new Tensor((PtNDArray) TorchException.told(making));
  }

  private static void checkSize(long count, long... shape) {
    long expected = 1;
    for (long side : shape) {
      expected = Math.multiplyExact(expected, side);
    }
    if (expected != count) {
      throw new IllegalArgumentException(
          count + " numbers for shape " + new Shape(shape) + ". This is a bug.");
    }
  }

  public long[] shape() {
    return array.getShape().getShape();
  }

  /** Returns how many numbers it has. */
  public long size() {
    return array.getShape().size();
  }

  public DType type() {
    return DType.of(array.getDataType());
  }

  /** Returns a copy on the host of a float32 tensor, row-major. A sync point on CUDA. */
  public float[] floats() {
    require(DType.FLOAT32);
    return read(PtNDArray::toFloatArray);
  }

  /** Returns the one number of a float32 tensor. A sync point on CUDA. */
  public float item() {
    return floats()[0];
  }

  /** Returns a copy on the host of an int64 tensor, row-major. A sync point on CUDA. */
  public long[] longs() {
    require(DType.INT64);
    return read(PtNDArray::toLongArray);
  }

  /**
   * Reads what may be a copy from another device, which DJL hangs on the array's owner: it is let
   * go of.
   */
  private <T> T read(Function<PtNDArray, T> copying) {
    try (Scope reading = Scope.open()) {
      PtNDArray alias = reshape(shape()).keepIn(reading).array;
      return TorchException.told(() -> copying.apply(alias));
    }
  }

  private void require(DType expected) {
    if (type() != expected) {
      throw new IllegalStateException("a tensor of " + type() + " read as " + expected);
    }
  }

  /** Returns the same numbers as a fresh leaf of autograd, for whose {@link #gradient} to ask. */
  public Tensor leaf() {
    Tensor leaf = here(() -> JniUtils.detachGradient(array));
    leaf.array.setRequiresGradient(true);
    return leaf;
  }

  /** Runs autograd from this scalar back to every leaf that it was computed from. */
  public void backward() {
    try {
      Tensor one = Gradients.ones(this);
      JniUtils.backward(array, one.array, false, false);
    } catch (EngineException e) {
      throw TorchException.of(e);
    }
  }

  /** Returns what {@link #backward} left for this leaf: a tensor of its shape and type. */
  public Tensor gradient() {
    return here(array::getGradient);
  }

  /** Returns the same numbers in new memory. */
  public Tensor copy() {
    return here(() -> JniUtils.clone(array));
  }

  /** Returns elements {@code from} to {@code to} of a vector, in the same memory. */
  public Tensor slice(long from, long to) {
    return here(() -> JniUtils.slice(array, 0, from, to, 1));
  }

  /** Returns the same numbers in the same memory as another shape of the same size. */
  public Tensor reshape(long... shape) {
    return here(() -> JniUtils.reshape(array, shape));
  }

  /** Returns what {@code making} makes, owned by the innermost scope. */
  private static Tensor here(Supplier<NDArray> making) {
    Tensor made = told(making);
    made.array.attach(Scope.current().tensors);
    return made;
  }

  /** Moves this tensor to {@code scope}, which from now on decides how long it lives. */
  public Tensor keepIn(Scope scope) {
    array.attach(scope.tensors);
    return this;
  }

  /** Returns the memory of a contiguous tensor on the host, to be read and written in place. */
  public ByteBuffer memory() {
    if (!Device.cpu().equals(array.getDevice())) {
      throw new IllegalStateException("memory of a tensor on " + array.getDevice());
    }
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  /** Frees it before its scope does. */
  public void close() {
    array.close();
  }
}
