package dev.onecycle.checkpoint.format;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A writer of safetensors files. The same contents give the same bytes: metadata sorted by key,
 * arrays in the given order but wide types first, so that every array is aligned to its type.
 */
public final class SafetensorsWriter {

  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a new file and forces it to the disk.
   *
   * @param arrays names are unique
   * @param data the little-endian bytes of an array, from position to limit; asked for once each,
   *     so that one array at a time is in memory
   */
  public static void write(
      Path file,
      Map<String, String> metadata,
      List<ArrayHeader> arrays,
      Function<ArrayHeader, ByteBuffer> data)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(channel, metadata, arrays, data);
      channel.force(true);
    }
  }

  /** As {@link #write(Path, Map, List, Function)}, to what the caller closes. */
  public static void write(
      WritableByteChannel channel,
      Map<String, String> metadata,
      List<ArrayHeader> arrays,
      Function<ArrayHeader, ByteBuffer> data)
      throws IOException {
    List<ArrayHeader> aligned =
        arrays.stream()
            .sorted(Comparator.comparingInt((ArrayHeader a) -> a.type().bytes()).reversed())
            .toList();
    writeFully(channel, header(metadata, aligned));
    for (ArrayHeader array : aligned) {
      ByteBuffer bytes = data.apply(array);
      if (bytes.remaining() != array.bytes()) {
        throw new IllegalArgumentException(
            array.name() + ": " + bytes.remaining() + " bytes, expected " + array.bytes());
      }
      writeFully(channel, bytes);
    }
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Returns length and JSON, filled up with spaces so that the data starts at a multiple of 8. */
  private static ByteBuffer header(Map<String, String> metadata, List<ArrayHeader> arrays) {
    byte[] json = json(metadata, arrays).getBytes(StandardCharsets.UTF_8);
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static String json(Map<String, String> metadata, List<ArrayHeader> arrays) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
        new TreeMap<>(metadata).forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long begin = 0;
      for (ArrayHeader array : arrays) {
        long end = begin + array.bytes();
        json.writeObjectPropertyStart(array.name());
        json.writeStringProperty("dtype", array.type().name());
        json.writeName("shape");
        writeNumbers(json, array.shape().stream().mapToLong(Integer::longValue).toArray());
        json.writeName("data_offsets");
        writeNumbers(json, begin, end);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void writeNumbers(JsonGenerator json, long... numbers) {
    json.writeArray(numbers, 0, numbers.length);
  }
}
