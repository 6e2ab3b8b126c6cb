package dev.onecycle.serving.web;

import static dev.onecycle.serving.web.InferenceRequest.IMAGE;
import static dev.onecycle.serving.web.InferenceRequest.PIXELS;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tensor of a request, taken apart; one of both is empty.
 *
 * @param pictures whole files
 * @param views what a network sees, each [S, S, 3]
 */
record InferenceInput(List<byte[]> pictures, List<FloatBuffer> views) {

  private static final int CHANNELS = 3;

  /**
   * Takes it apart.
   *
   * @param behind what follows the JSON
   * @param size of the network's input, S
   * @throws Failure.Invalid naming what is wrong
   * @throws Failure.TooLarge if it has more pictures than {@code most}
   */
  static InferenceInput of(InferenceRequest request, ByteBuffer behind, int size, int most) {
    List<InferenceRequest.SentTensor> inputs =
        request.inputs() == null ? List.of() : request.inputs();
    if (inputs.size() != 1) {
      throw wrong("inputs", inputs.size() + " tensors, and it takes one", inputs.size(), 1);
    }
    InferenceRequest.SentTensor input = inputs.get(0);
    String name = input == null ? null : input.name();
    if (!IMAGE.equals(name) && !PIXELS.equals(name)) {
      List<String> known = List.of(IMAGE, PIXELS);
      String message = Nearest.unknown("tensor", String.valueOf(name), known);
      throw wrong("inputs[0].name", message, name, known);
    }
    boolean files = IMAGE.equals(name);
    String type = files ? "BYTES" : "FP32";
    if (!type.equals(input.datatype())) {
      throw wrong(
          "inputs[0].datatype",
          "is not " + type + ", which " + name + " has",
          input.datatype(),
          type);
    }
    int count = count(input.shape(), files ? List.of() : List.of(CHANNELS, size, size), most);
    if (!follows(input, behind)) {
      TensorData data = Objects.requireNonNull(input.data());
      return files
          ? new InferenceInput(files(data, count), List.of())
          : new InferenceInput(
              List.of(), views(numbers(data, count * CHANNELS * size * size), size));
    }
    return files
        ? new InferenceInput(files(behind, count), List.of())
        : new InferenceInput(
            List.of(), views(numbers(behind, count * CHANNELS * size * size), size));
  }

  /** Returns how many pictures a shape is of: [n], or [n, 1], or [n] and {@code rest}. */
  private static int count(@Nullable List<Long> shape, List<Integer> rest, int most) {
    List<Long> given = shape == null ? List.of() : shape;
    List<Long> tail = given.isEmpty() ? given : given.subList(1, given.size());
    boolean fits =
        rest.isEmpty()
            ? tail.isEmpty() || tail.equals(List.of(1L))
            : tail.equals(rest.stream().map(Long::valueOf).toList());
    Long first = given.isEmpty() ? null : given.get(0);
    if (!fits || first == null || first < 1) {
      String wanted = rest.isEmpty() ? "[n]" : "[n, 3, " + rest.get(1) + ", " + rest.get(2) + "]";
      throw wrong("inputs[0].shape", shape + " is not " + wanted + ", n from 1", null, wanted);
    }
    if (first > most) {
      throw new Failure.TooLarge(
          first + " pictures > maximum " + most, "Send them in several requests.");
    }
    return first.intValue();
  }

  /** Returns whether the tensor's bytes follow the JSON. */
  private static boolean follows(InferenceRequest.SentTensor input, ByteBuffer behind) {
    InferenceRequest.TensorEncoding encoding = input.parameters();
    if (encoding != null
        && encoding.contentType() != null
        && !encoding.contentType().equals("base64")) {
      String message = "is not base64";
      throw wrong("inputs[0].parameters.content_type", message, encoding.contentType(), "base64");
    }
    Long size = encoding == null ? null : encoding.binarySize();
    if ((size == null) == (input.data() == null)) {
      String message = "a tensor has either data or parameters.binary_data_size";
      throw wrong("inputs[0].data", message, null, null);
    }
    int there = behind.remaining();
    if ((size == null ? 0 : size) != there) {
      String message = "is " + size + ", and " + there + " bytes follow the JSON";
      throw wrong("inputs[0].parameters.binary_data_size", message, size, there);
    }
    return size != null;
  }

  private static List<byte[]> files(TensorData data, int count) {
    requireCount(data.files().size(), count, "texts of base64");
    requireCount(data.numbers().length, 0, "numbers");
    return data.files();
  }

  /** Each with its length before it. */
  private static List<byte[]> files(ByteBuffer behind, int count) {
    ByteBuffer bytes = behind.slice().order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> files = new ArrayList<>();
    while (bytes.remaining() >= Integer.BYTES && files.size() < count) {
      int length = bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw wrong(
            "inputs[0].data",
            Integer.toUnsignedString(length) + " bytes announced, " + bytes.remaining() + " left",
            null,
            bytes.remaining());
      }
      byte[] file = new byte[length];
      bytes.get(file);
      files.add(file);
    }
    requireCount(files.size(), count, "files, each behind its length");
    requireCount(bytes.remaining(), 0, "bytes after the last file");
    return files;
  }

  private static FloatBuffer numbers(TensorData data, int count) {
    requireCount(data.files().size(), 0, "texts");
    requireCount(data.numbers().length, count, "numbers");
    return FloatBuffer.wrap(data.numbers());
  }

  private static FloatBuffer numbers(ByteBuffer behind, int count) {
    requireCount(behind.remaining(), count * Float.BYTES, "bytes");
    return behind.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static void requireCount(int found, int wanted, String what) {
    if (found != wanted) {
      String message = "has " + found + " " + what + ", its shape wants " + wanted;
      throw wrong("inputs[0].data", message, found, wanted);
    }
  }

  /** Turns [n, 3, S, S] into n times [S, S, 3]. */
  private static List<FloatBuffer> views(FloatBuffer pixels, int size) {
    int area = size * size;
    List<FloatBuffer> views = new ArrayList<>();
    for (int from = 0; from < pixels.limit(); from += CHANNELS * area) {
      FloatBuffer view = FloatBuffer.allocate(CHANNELS * area);
      for (int i = 0; i < CHANNELS * area; i++) {
        float number = pixels.get(from + i % CHANNELS * area + i / CHANNELS);
        if (!Float.isFinite(number)) {
          throw wrong("inputs[0].data", "has " + number + ", not a finite number", null, null);
        }
        view.put(i, number);
      }
      views.add(view);
    }
    return views;
  }

  private static Failure wrong(
      String field, String message, @Nullable Object value, @Nullable Object limit) {
    return Failure.Invalid.field(field, message, value, limit);
  }
}
