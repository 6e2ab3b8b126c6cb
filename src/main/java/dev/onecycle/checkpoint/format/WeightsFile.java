package dev.onecycle.checkpoint.format;

import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network's state as a safetensors file with fastai's names and PyTorch's shapes, so that
 * Python's {@code load_state_dict(load_file(...))} takes it unchanged, and the other way round.
 */
public final class WeightsFile {

  private WeightsFile() {}

  /**
   * Writes {@code state} to a new file and forces it to the disk: F32, the batch counters I64.
   *
   * @param metadata free texts to keep in the file
   */
  public static void write(Path file, StateDict state, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter.write(file, metadata, arrays(state.layout()), array -> bytes(array, state));
  }

  private static List<ArrayHeader> arrays(Layout layout) {
    return layout.entries().stream()
        .map(
            entry -> {
              ElementType type = counter(entry) ? ElementType.I64 : ElementType.F32;
              return new ArrayHeader(entry.name(), type, entry.shape());
            })
        .toList();
  }

  private static ByteBuffer bytes(ArrayHeader array, StateDict state) {
    ByteBuffer bytes = ByteBuffer.allocate(array.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    if (array.type() == ElementType.I64) {
      bytes.putLong(0, state.batchesTracked());
    } else {
      bytes.asFloatBuffer().put(state.values().get(array.name()));
    }
    return bytes;
  }

  /**
   * Returns the SHA-256 over the bytes of the arrays as {@link #write} writes them, in the layout's
   * order: 64 hexadecimal digits that two states share if and only if they are equal bit for bit.
   */
  public static String sha256(StateDict state) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      arrays(state.layout()).forEach(array -> digest.update(bytes(array, state)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256. This is a bug.", e);
    }
  }

  /**
   * Reads the state of a network of that layout; floating numbers of any width become floats. Batch
   * counters may differ in a file (the largest is kept): nothing is computed from them.
   *
   * @throws Failure.Invalid if it is not a valid safetensors file, or its arrays are not the
   *     layout's: one error per name that is missing, unknown, of the wrong shape or type, or that
   *     holds infinities or NaN
   */
  public static StateDict read(Path file, Layout layout) throws IOException {
    Map<String, NamedArray> left = new LinkedHashMap<>(SafetensorsReader.read(file).arrays());
    Map<String, float[]> values = new LinkedHashMap<>();
    List<FieldError> errors = new ArrayList<>();
    long batchesTracked = 0;
    for (Layout.Entry entry : layout.entries()) {
      NamedArray array = left.remove(entry.name());
      FieldError error = misfit(entry, array);
      if (error != null) {
        errors.add(error);
      } else if (counter(entry)) {
        batchesTracked = Math.max(batchesTracked, array.longs()[0]);
      } else {
        values.put(entry.name(), finite(array, errors));
      }
    }
    for (NamedArray unknown : left.values()) {
      ArrayHeader header = unknown.header();
      errors.add(new FieldError(header.name(), "is unknown", header.shape(), null));
    }
    if (!errors.isEmpty()) {
      throw refusal(layout, errors);
    }
    return new StateDict(layout, values, batchesTracked);
  }

  private static boolean counter(Layout.Entry entry) {
    return entry.kind() == Layout.Kind.BATCHES_TRACKED;
  }

  private static @Nullable FieldError misfit(Layout.Entry entry, @Nullable NamedArray array) {
    if (array == null) {
      return new FieldError(entry.name(), "is missing", null, entry.shape());
    }
    ArrayHeader header = array.header();
    if (!header.shape().equals(entry.shape())) {
      String message = "has shape " + header.shape() + " instead of " + entry.shape();
      return new FieldError(entry.name(), message, header.shape(), entry.shape());
    }
    if (header.type().floating() == counter(entry)) {
      String expected = counter(entry) ? "whole" : "floating";
      String message = "is " + header.type() + " instead of " + expected + " numbers";
      return new FieldError(entry.name(), message, header.type(), expected);
    }
    return null;
  }

  private static float[] finite(NamedArray array, List<FieldError> errors) {
    float[] numbers = array.floats();
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        String message = "holds " + number + ", which is not a finite number";
        errors.add(new FieldError(array.header().name(), message, Float.toString(number), null));
        break;
      }
    }
    return numbers;
  }

  private static Failure.Invalid refusal(Layout layout, List<FieldError> errors) {
    String first = errors.get(0).field() + " " + errors.get(0).message();
    return new Failure.Invalid(
        "%d arrays do not fit %s with %d labels, such as: %s"
            .formatted(errors.size(), layout.architecture().name(), layout.classes(), first),
        "Give the architecture and the labels that these weights were trained with.",
        errors);
  }
}
