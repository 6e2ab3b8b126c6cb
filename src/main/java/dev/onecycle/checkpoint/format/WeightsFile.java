package dev.onecycle.checkpoint.format;

import dev.onecycle.checkpoint.format.StateArrays.Names;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

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
              ElementType type = StateArrays.counter(entry) ? ElementType.I64 : ElementType.F32;
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
   * Reads the state of a network of that layout from a file that {@link #write} wrote.
   *
   * @throws Failure.Invalid if it is not a valid safetensors file, or its arrays are not the
   *     layout's: one error per name that is missing, unknown, of the wrong shape or type, or that
   *     holds infinities or NaN
   */
  public static StateDict read(Path file, Layout layout) throws IOException {
    Map<String, NamedArray> arrays = SafetensorsReader.read(file).arrays();
    return ForeignWeights.state(new StateArrays(arrays, Names.FASTAI), layout);
  }
}
