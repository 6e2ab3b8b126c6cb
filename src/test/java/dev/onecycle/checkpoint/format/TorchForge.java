package dev.onecycle.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes PyTorch's files by hand, right ones and others: instruction by instruction. */
final class TorchForge {

  private static final byte[] NUMBERS = new byte[24];

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  final Map<String, byte[]> members = new LinkedHashMap<>();

  TorchForge() {
    members.put("byteorder", "little".getBytes(UTF_8));
    members.put("data/0", NUMBERS);
  }

  /** Instructions as text of Latin-1. */
  TorchForge code(String instructions) {
    instructions.chars().forEach(pickle::write);
    return this;
  }

  TorchForge text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return code("X").whole(bytes.length).code(text);
  }

  private TorchForge whole(int value) {
    for (int i = 0; i < 4; i++) {
      pickle.write(value >> (8 * i));
    }
    return this;
  }

  TorchForge number(int value) {
    return code("J").whole(value);
  }

  /** A tensor of float32 in storage {@code key} of {@code numbers}. */
  TorchForge tensor(String key, int numbers, int offset, int[] shape, int[] strides) {
    code("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage").code("ctorch\nFloatStorage\n");
    text(key).text("cpu").number(numbers).code("tQ").number(offset);
    tuple(shape).tuple(strides);
    return code("\u0089ccollections\nOrderedDict\n)RtR");
  }

  private TorchForge tuple(int... numbers) {
    code("(");
    for (int number : numbers) {
      number(number);
    }
    return code("t");
  }

  /** The file of a dict of one tensor. */
  static TorchForge of(String key, int numbers, int offset, int[] shape, int[] strides) {
    return new TorchForge()
        .code("\u0080\u0002}")
        .text("a")
        .tensor(key, numbers, offset, shape, strides)
        .code("s.");
  }

  /** The whole file. */
  ByteBuffer zip() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      put(zip, "x/data.pkl", pickle.toByteArray());
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        put(zip, "x/" + member.getKey(), member.getValue());
      }
    }
    return ByteBuffer.wrap(file.toByteArray());
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  /**
   * One to six changes in the parts of a file that say something: bytes, whole instructions, runs
   * moved from elsewhere, cuts.
   */
  static byte[] damaged(byte[] file, RandomGenerator random) {
    byte[] bytes = file.clone();
    int changes = random.nextInt(1, 7);
    for (int i = 0; i < changes; i++) {
      int at = place(bytes.length, random);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 ->
            bytes[at] =
                (byte) "().}]tRbsueQNhqKJMXc\u0085\u0086\u0081\u0093".charAt(random.nextInt(24));
        case 3 -> {
          int length = Math.min(random.nextInt(1, 40), bytes.length - at);
          int from = random.nextInt(bytes.length - length);
          System.arraycopy(bytes, from, bytes, at, length);
        }
        case 4 -> {
          int end = Math.min(bytes.length, at + 4);
          for (int k = at; k < end; k++) {
            bytes[k] = (byte) (random.nextBoolean() ? 0xFF : 0);
          }
        }
        default -> {
          byte[] shorter = new byte[bytes.length - random.nextInt(Math.min(8, bytes.length))];
          int gone = Math.min(at, shorter.length);
          System.arraycopy(bytes, 0, shorter, 0, gone);
          System.arraycopy(
              bytes, gone + bytes.length - shorter.length, shorter, gone, shorter.length - gone);
          bytes = shorter;
        }
      }
    }
    return bytes;
  }

  /** Near the start is the pickle, near the end the directory. */
  private static int place(int length, RandomGenerator random) {
    int near = random.nextInt(Math.min(1200, length));
    return random.nextInt(3) == 0 ? length - 1 - near : near;
  }
}
