package dev.onecycle.torch.onednn;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.TorchException;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The functions of oneDNN's C interface that we call, with their names there, and its constants,
 * with the ends of theirs. Handles and addresses are numbers of 64 bits; a function that makes
 * something puts its handle into an array of one.
 */
final class OneDnn {

  static final int BF16 = 2;
  static final int F32 = 3;
  static final int S32 = 4;
  static final int S8 = 5;
  static final int U8 = 6;

  /** Layouts: the one that a primitive is fastest with, and dense ones, outermost first. */
  static final int FORMAT_TAG_ANY = 1;

  static final int A = 2;
  static final int AB = 3;
  static final int ABC = 4;
  static final int ACB = 15;
  static final int ABCD = 5;
  static final int ABCDE = 6;
  static final int ACDB = 22;

  static final int FORWARD_INFERENCE = 96;
  static final int CONVOLUTION_DIRECT = 1;
  static final int POOLING_MAX = 511;
  static final int POOLING_AVG_EXCLUDE_PADDING = 1023;

  static final int CHANNELS = 1;

  static final int ARG_SRC = 1;
  static final int ARG_SRC_1 = 2;
  static final int ARG_MULTIPLE_SRC = 1024;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_BIAS = 41;
  static final int ARG_ATTR_SCALES = 4096;
  static final int ARG_ATTR_ZERO_POINTS = 8192;
  static final int ARG_FIRST_POST_OP = 32768;

  static final int ELTWISE_RELU = 32;
  static final int ELTWISE_LOGISTIC = 41;
  static final int ELTWISE_SWISH = 44;
  static final int ELTWISE_GELU_ERF = 49;
  static final int ELTWISE_MISH = 51;
  static final int ELTWISE_HARDSWISH = 52;
  static final int SAME_TYPE = 0;

  static final int BINARY_ADD = 131056;
  static final int BINARY_MUL = 131057;

  static final int QUERY_SRC_MD = 129;
  static final int QUERY_WEIGHTS_MD = 131;
  static final int QUERY_DST_MD = 133;

  private static final int CPU = 1;
  private static final int IN_ORDER = 1;
  private static final int OUT_OF_MEMORY = 1;

  /** dlopen's: another OpenMP that comes with it must not take the place of the engine's. */
  private static final int LAZY_AND_LOCAL = 1;

  private static final String CLASS_PATH = "/org/bytedeco/dnnl/linux-x86_64/";

  private static long engine;

  private static final @Nullable String MISSING = load();

  private OneDnn() {}

  /** Returns why it cannot be called; null if it can. */
  static @Nullable String missing() {
    return MISSING;
  }

  private static @Nullable String load() {
    if (!Platform.isLinux() || !Platform.isIntel() || !Platform.is64Bit()) {
      return "there is none for this machine";
    }
    try {
      find("libgomp.so.1");
      String library = find("libdnnl.so.3").getPath();
      Map<String, Object> options = Map.of(Library.OPTION_OPEN_FLAGS, LAZY_AND_LOCAL);
      Native.register(OneDnn.class, NativeLibrary.getInstance(library, options));
      engine = made(handle -> dnnl_engine_create(handle, CPU, 0));
      return null;
    } catch (IOException | LinkageError | TorchException e) {
      LoggerFactory.getLogger(OneDnn.class).warn("oneDNN does not load: predictions are slower", e);
      return String.valueOf(e.getMessage());
    }
  }

  /** Returns a file where JavaCPP looks for its libraries first, or one of the class path's. */
  private static File find(String name) throws IOException {
    if (Boolean.getBoolean("org.bytedeco.javacpp.pathsFirst")) {
      String path = System.getProperty("java.library.path", "");
      for (String folder : path.split(File.pathSeparator, -1)) {
        File file = new File(folder, name);
        if (file.exists()) {
          return file;
        }
      }
    }
    File unpacked = Loader.cacheResource(OneDnn.class, CLASS_PATH + name);
    if (unpacked == null) {
      throw new IOException("no " + name + " on the class path");
    }
    return unpacked;
  }

  /** Returns the processor, as oneDNN's engine. */
  static long engine() {
    return engine;
  }

  static long stream() {
    return made(handle -> dnnl_stream_create(handle, engine, IN_ORDER));
  }

  /** A call that makes something. */
  interface Making {
    int status(long[] handle);
  }

  /** Returns the handle that a call makes. */
  static long made(Making making) {
    long[] handle = new long[1];
    check(making.status(handle));
    return handle[0];
  }

  /**
   * Checks what a call returned.
   *
   * @throws TorchException unless that is 0
   */
  static void check(int status) {
    if (status == OUT_OF_MEMORY) {
      throw new TorchException(TorchException.Kind.OUT_OF_MEMORY, "oneDNN has no memory left");
    }
    if (status != 0) {
      throw new TorchException(
          TorchException.Kind.OTHER, "oneDNN refused a primitive: status " + status);
    }
  }

  /** Returns what a type is called there. */
  static int type(DType type) {
    return switch (type) {
      case FLOAT32 -> F32;
      case BFLOAT16 -> BF16;
      case INT8 -> S8;
      case UINT8 -> U8;
      case INT64 -> throw new IllegalArgumentException("oneDNN has no int64. This is a bug.");
    };
  }

  /** Returns a layout of numbers of that type. */
  static long layout(int type, int order, long... shape) {
    return made(
        handle -> dnnl_memory_desc_create_with_tag(handle, shape.length, shape, type, order));
  }

  /** Returns numbers of that layout at an address. */
  static long memory(long layout, long address) {
    return made(handle -> dnnl_memory_create(handle, layout, engine, address));
  }

  // OpenMP's, of the calling thread; mostly it is the engine's OpenMP, which has the same name.
  static native void omp_set_num_threads(int threads);

  static native int dnnl_engine_create(long[] engine, int kind, long index);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_stream_destroy(long stream);

  static native int dnnl_memory_desc_create_with_tag(
      long[] layout, int dimensions, long[] shape, int type, int order);

  static native int dnnl_memory_desc_clone(long[] layout, long of);

  static native long dnnl_memory_desc_get_size(long layout);

  static native int dnnl_memory_desc_equal(long one, long other);

  static native int dnnl_memory_desc_destroy(long layout);

  static native int dnnl_memory_create(long[] memory, long layout, long engine, long address);

  static native int dnnl_memory_set_data_handle(long memory, long address);

  static native int dnnl_memory_destroy(long memory);

  static native int dnnl_post_ops_create(long[] after);

  static native int dnnl_post_ops_append_sum(long after, float scale, int zero, int type);

  static native int dnnl_post_ops_append_eltwise(long after, int kind, float alpha, float beta);

  static native int dnnl_post_ops_append_binary(long after, int kind, long other);

  static native int dnnl_post_ops_destroy(long after);

  static native int dnnl_primitive_attr_create(long[] attributes);

  static native int dnnl_primitive_attr_set_post_ops(long attributes, long after);

  static native int dnnl_primitive_attr_set_scales_mask(long attributes, int argument, int mask);

  static native int dnnl_primitive_attr_set_zero_points_mask(
      long attributes, int argument, int mask);

  static native int dnnl_primitive_attr_destroy(long attributes);

  static native int dnnl_reorder_primitive_desc_create(
      long[] description, long from, long fromEngine, long to, long toEngine, long attributes);

  static native int dnnl_convolution_forward_primitive_desc_create(
      long[] description,
      long engine,
      int purpose,
      int algorithm,
      long src,
      long weights,
      long bias,
      long dst,
      long[] strides,
      long[] dilations,
      long[] before,
      long[] after,
      long attributes);

  static native int dnnl_pooling_forward_primitive_desc_create(
      long[] description,
      long engine,
      int purpose,
      int algorithm,
      long src,
      long dst,
      long[] strides,
      long[] sides,
      long[] dilations,
      long[] before,
      long[] after,
      long attributes);

  static native int dnnl_concat_primitive_desc_create(
      long[] description,
      long engine,
      long dst,
      int count,
      int dimension,
      long[] sources,
      long attributes);

  static native int dnnl_binary_primitive_desc_create(
      long[] description, long engine, int kind, long src0, long src1, long dst, long attributes);

  static native int dnnl_matmul_primitive_desc_create(
      long[] description,
      long engine,
      long src,
      long weights,
      long bias,
      long dst,
      long attributes);

  static native int dnnl_inner_product_forward_primitive_desc_create(
      long[] description,
      long engine,
      int purpose,
      long src,
      long weights,
      long bias,
      long dst,
      long attributes);

  static native long dnnl_primitive_desc_query_md(long description, int what, int index);

  static native int dnnl_primitive_desc_destroy(long description);

  static native int dnnl_primitive_create(long[] primitive, long description);

  static native int dnnl_primitive_execute(long primitive, long stream, int count, long arguments);

  static native int dnnl_primitive_destroy(long primitive);
}
