package dev.onecycle.platform;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A message of Protocol Buffers, written field by field in the order given. What is large in it is
 * asked for while it is written, one array after the other; its size is known before.
 */
public final class ProtobufMessage {

  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int BYTES = 2;
  private static final int FOUR_BYTES = 5;

  /** Numbers that are copied into bytes at a time. */
  private static final int CHUNK = 1 << 14;

  /** A field, its key apart. */
  private interface Part {
    long size();

    void write(OutputStream out) throws IOException;
  }

  private final List<Part> parts = new ArrayList<>();

  /** Adds a whole number, 0 or more. */
  public ProtobufMessage number(int field, long value) {
    key(field, VARINT);
    return bytes(varint(value));
  }

  /** Adds a float. */
  public ProtobufMessage real(int field, float value) {
    key(field, FOUR_BYTES);
    return bytes(ByteBuffer.allocate(Float.BYTES).order(LITTLE_ENDIAN).putFloat(value).array());
  }

  /** Adds a double. */
  public ProtobufMessage precise(int field, double value) {
    key(field, EIGHT_BYTES);
    return bytes(ByteBuffer.allocate(Double.BYTES).order(LITTLE_ENDIAN).putDouble(value).array());
  }

  /** Adds a text. */
  public ProtobufMessage text(int field, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    key(field, BYTES);
    bytes(varint(bytes.length));
    return bytes(bytes);
  }

  /** Adds a message. */
  public ProtobufMessage message(int field, ProtobufMessage value) {
    key(field, BYTES);
    parts.add(
        new Part() {
          @Override
          public long size() {
            long size = value.size();
            return varint(size).length + size;
          }

          @Override
          public void write(OutputStream out) throws IOException {
            out.write(varint(value.size()));
            value.write(out);
          }
        });
    return this;
  }

  /** Adds floats as bytes, the lowest first. */
  public ProtobufMessage floats(int field, int count, Supplier<float[]> values) {
    long size = (long) count * Float.BYTES;
    key(field, BYTES);
    bytes(varint(size));
    parts.add(
        new Part() {
          @Override
          public long size() {
            return size;
          }

          @Override
          public void write(OutputStream out) throws IOException {
            float[] all = values.get();
            if (all.length != count) {
              throw new IllegalStateException(all.length + " numbers of " + count);
            }
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES);
            chunk.order(LITTLE_ENDIAN);
            for (int from = 0; from < count; from += CHUNK) {
              int length = Math.min(CHUNK, count - from);
              chunk.asFloatBuffer().put(all, from, length);
              out.write(chunk.array(), 0, length * Float.BYTES);
            }
          }
        });
    return this;
  }

  /** Adds whole numbers as bytes, eight each, the lowest first. */
  public ProtobufMessage longs(int field, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    key(field, BYTES);
    bytes(varint(bytes.capacity()));
    return bytes(bytes.array());
  }

  /** Adds its fields to those of another. */
  public void addTo(ProtobufMessage other) {
    other.parts.addAll(parts);
  }

  /** Returns how many bytes it has. */
  public long size() {
    return parts.stream().mapToLong(Part::size).sum();
  }

  /** Writes it. */
  public void write(OutputStream out) throws IOException {
    for (Part part : parts) {
      part.write(out);
    }
  }

  private void key(int field, int wire) {
    bytes(varint(((long) field << 3) | wire));
  }

  private ProtobufMessage bytes(byte[] bytes) {
    parts.add(
        new Part() {
          @Override
          public long size() {
            return bytes.length;
          }

          @Override
          public void write(OutputStream out) throws IOException {
            out.write(bytes);
          }
        });
    return this;
  }

  /** Seven bits a byte, the lowest first; all but the last say that more follow. */
  private static byte[] varint(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(10);
    long left = value;
    while (left > 0x7F) {
      bytes.put((byte) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    bytes.put((byte) left);
    byte[] used = new byte[bytes.position()];
    bytes.get(0, used);
    return used;
  }
}
