package dev.onecycle.checkpoint.format;

import static dev.onecycle.checkpoint.format.SafetensorsHeader.invalid;

import dev.onecycle.checkpoint.format.SafetensorsHeader.Placed;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reader of safetensors files of unknown origin. The format: 8 bytes little-endian header length,
 * that many bytes of JSON, then the arrays' bytes.
 *
 * <p>A file is accepted only if every array's bytes are exactly what its type and shape need, and
 * the arrays follow each other from the end of the header to the end of the file without gap or
 * overlap. Nothing is allocated by what a header merely claims: headers are bounded by {@value
 * SafetensorsHeader#MAX_BYTES} bytes and arrays are slices of the file.
 */
public final class SafetensorsReader {

  private static final int LENGTH_BYTES = Long.BYTES;

  private SafetensorsReader() {}

  /**
   * Maps a file and reads it. The arrays stay readable after the file is deleted or replaced; it
   * must not be truncated meanwhile.
   *
   * @throws Failure.Invalid if it is not a valid safetensors file
   * @throws Failure.TooLarge if it has 2 GB or more
   */
  public static Safetensors read(Path file) throws IOException {
    return read(map(file));
  }

  /** Maps a file of less than 2 GB. */
  static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new Failure.TooLarge(
            "weights of " + channel.size() + " bytes > maximum " + Integer.MAX_VALUE, null);
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  /**
   * Reads a whole file from position 0 to the limit of {@code bytes}; the arrays are slices of it.
   *
   * @throws Failure.Invalid if it is not a valid safetensors file
   */
  public static Safetensors read(ByteBuffer bytes) {
    ByteBuffer file = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int dataStart = LENGTH_BYTES + headerLength(file);
    SafetensorsHeader header =
        SafetensorsHeader.parse(text(file.slice(LENGTH_BYTES, dataStart - LENGTH_BYTES)));
    List<Placed> placed =
        header.arrays().stream()
            .sorted(Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end))
            .toList();
    requireNoGapOrOverlap(placed, file.limit() - dataStart);
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    for (Placed p : placed) {
      ByteBuffer data = file.slice(dataStart + (int) p.begin(), p.array().bytes());
      arrays.put(p.array().name(), new NamedArray(p.array(), data));
    }
    return new Safetensors(header.metadata(), arrays);
  }

  private static int headerLength(ByteBuffer file) {
    if (file.limit() < LENGTH_BYTES) {
      throw invalid(file.limit() + " bytes, shorter than the header's length");
    }
    long length = file.getLong(0);
    long most = Math.min(SafetensorsHeader.MAX_BYTES, file.limit() - LENGTH_BYTES);
    if (length < 0 || length > most) {
      throw invalid(
          "header length %s > maximum %d for a file of %d bytes"
              .formatted(Long.toUnsignedString(length), most, file.limit()));
    }
    return (int) length;
  }

  private static String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw invalid("the header is not UTF-8");
    }
  }

  private static void requireNoGapOrOverlap(List<Placed> sorted, long dataBytes) {
    long end = 0;
    for (Placed placed : sorted) {
      if (placed.begin() != end) {
        throw invalid(
            "%s starts at byte %d, the array before it ends at %d"
                .formatted(placed.array().name(), placed.begin(), end));
      }
      end = placed.end();
    }
    if (end != dataBytes) {
      throw invalid("the arrays end at byte %d, the data at %d".formatted(end, dataBytes));
    }
  }
}
