package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes zips, tars and gzip members field by field, by hand, and breaks some of the fields: with
 * the smallest and largest values, with those beside the right ones, with offsets that point
 * elsewhere and with noise. Checksums of tars and gzip headers are put right again half of the
 * time, so that what is behind them is met.
 */
final class ArchiveForge {

  private record Field(int at, int length) {}

  private final RandomGenerator random;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Field> fields = new ArrayList<>();
  private final List<Integer> tarHeaders = new ArrayList<>();

  private ArchiveForge(RandomGenerator random) {
    this.random = random;
  }

  /** A broken archive of one kind or another. */
  static byte[] next(RandomGenerator random) {
    ArchiveForge forge = new ArchiveForge(random);
    switch (random.nextInt(4)) {
      case 0, 1 -> forge.zip();
      case 2 -> forge.tar();
      default -> {
        byte[] tar = next(random, ArchiveForge::tar);
        int cut = random.nextInt(tar.length);
        forge.gzip(Arrays.copyOf(tar, cut));
        for (int i = random.nextInt(10); i > 0; i--) {
          forge.gzip(new byte[0]);
        }
        forge.gzip(Arrays.copyOfRange(tar, cut, tar.length));
      }
    }
    return forge.broken();
  }

  private static byte[] next(RandomGenerator random, Consumer<ArchiveForge> writing) {
    ArchiveForge forge = new ArchiveForge(random);
    writing.accept(forge);
    return forge.broken();
  }

  private byte[] broken() {
    byte[] bytes = out.toByteArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      breakField(bytes, fields.get(random.nextInt(fields.size())));
    }
    if (random.nextBoolean()) {
      tarHeaders.forEach(at -> correctChecksum(bytes, at));
    }
    boolean cut = random.nextInt(8) == 0;
    return cut ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private void breakField(byte[] bytes, Field field) {
    int from = field.at();
    int end = from + field.length();
    switch (random.nextInt(8)) {
      case 0 -> Arrays.fill(bytes, from, end, (byte) 0);
      case 1 -> Arrays.fill(bytes, from, end, (byte) 0xff);
      case 2 -> Arrays.fill(bytes, from, end, (byte) '7');
      case 3 -> bytes[from]++;
      case 4 -> bytes[end - 1] ^= (byte) 0x80;
      case 5 -> bytes[from] ^= (byte) 0x80;
      case 6 -> {
        Field other = fields.get(random.nextInt(fields.size()));
        int length = Math.min(field.length(), other.length());
        System.arraycopy(bytes, other.at(), bytes, from, length);
      }
      default -> {
        for (int i = from; i < end; i++) {
          bytes[i] = (byte) random.nextInt(256);
        }
      }
    }
  }

  private void field(byte[] bytes) {
    if (bytes.length > 0) {
      fields.add(new Field(out.size(), bytes.length));
    }
    out.writeBytes(bytes);
  }

  private void number(long value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >> (8 * i));
    }
    field(bytes);
  }

  private byte[] content() {
    byte[] content = new byte[random.nextInt(2_000)];
    Arrays.fill(content, (byte) random.nextInt(256));
    return content;
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[content.length + 64];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  private static long crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return crc.getValue();
  }

  private record ZipFile(byte[] name, int method, byte[] content, byte[] packed, int start) {}

  private void zip() {
    List<ZipFile> files = new ArrayList<>();
    int[] methods = {0, 8, 8, 9, 12, 14, 20, 93, 95, 98};
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      byte[] content = content();
      int method = methods[random.nextInt(methods.length)];
      byte[] packed = method == 8 || method == 9 ? deflated(content) : content;
      files.add(new ZipFile(name(i).getBytes(UTF_8), method, content, packed, out.size()));
      local(files.get(files.size() - 1));
    }
    int start = out.size();
    boolean large = random.nextBoolean();
    files.forEach(file -> central(file, large));
    end(start, files.size(), large);
  }

  private String name(int i) {
    String[] names = {"a/%d.jpg", "b/%d.png", "c/%d.txt", "d%d/", ".x/%d.jpg", "../%d.jpg"};
    // The last is hostile whatever else is broken, so it is rare.
    return names[random.nextInt(random.nextInt(8) == 0 ? 6 : 5)].formatted(i);
  }

  private void local(ZipFile file) {
    number(0x04034b50, 4);
    number(20, 2);
    number(0, 2);
    number(file.method(), 2);
    number(0, 4);
    number(crc(file.content()), 4);
    number(file.packed().length, 4);
    number(file.content().length, 4);
    number(file.name().length, 2);
    number(0, 2);
    field(file.name());
    field(file.packed());
  }

  private void central(ZipFile file, boolean large) {
    number(0x02014b50, 4);
    number(20 | (random.nextBoolean() ? 3 << 8 : 0), 2);
    number(20, 2);
    number(0, 2);
    number(file.method(), 2);
    number(0, 4);
    number(crc(file.content()), 4);
    number(large ? -1 : file.packed().length, 4);
    number(large ? -1 : file.content().length, 4);
    number(file.name().length, 2);
    number(large ? 28 + 8 : 0, 2);
    number(0, 2);
    number(0, 2);
    number(0, 2);
    number(random.nextBoolean() ? 0100644L << 16 : 0, 4);
    number(large ? -1 : file.start(), 4);
    field(file.name());
    if (large) {
      number(0x5455, 2);
      number(4, 2);
      number(0, 4);
      number(1, 2);
      number(24, 2);
      number(file.content().length, 8);
      number(file.packed().length, 8);
      number(file.start(), 8);
    }
  }

  private void end(int start, int files, boolean large) {
    int length = out.size() - start;
    int end64 = out.size();
    if (large) {
      number(0x06064b50, 4);
      number(44, 8);
      number(45, 2);
      number(45, 2);
      number(0, 4);
      number(0, 4);
      number(files, 8);
      number(files, 8);
      number(length, 8);
      number(start, 8);
      number(0x07064b50, 4);
      number(0, 4);
      number(end64, 8);
      number(1, 4);
    }
    number(0x06054b50, 4);
    number(0, 2);
    number(0, 2);
    number(large ? -1 : files, 2);
    number(large ? -1 : files, 2);
    number(large ? -1 : length, 4);
    number(large ? -1 : start, 4);
    number(0, 2);
  }

  private void tar() {
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> member('L', "././@LongLink", ("a/" + "l".repeat(120) + ".jpg\0").getBytes(UTF_8));
        case 1 -> member('x', "pax", record("path", "a/p%d.jpg".formatted(i)));
        case 2 -> member('x', "pax", record("size", "700"));
        case 3 -> member('x', "pax", sparse());
        case 4 -> member('g', "pax", record("comment", "c".repeat(random.nextInt(600))));
        case 5 -> sparseOfGnu();
        default -> {
          // A member follows in any case.
        }
      }
      char[] types = {'0', '0', '0', '0', '\0', '1', '2', '3', '5', '6', '7', 'D', 'V', 'K'};
      member(types[random.nextInt(types.length)], name(i), content());
    }
    out.writeBytes(new byte[1_024]);
  }

  private byte[] sparse() {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    records.writeBytes(record("GNU.sparse.major", "1"));
    records.writeBytes(record("GNU.sparse.minor", "0"));
    records.writeBytes(record("GNU.sparse.realsize", "99999999999"));
    records.writeBytes(record("GNU.sparse.name", "a/s.jpg"));
    records.writeBytes(record("GNU.sparse.map", "0,1,".repeat(random.nextInt(50)) + "7,7"));
    return records.toByteArray();
  }

  private static byte[] record(String key, String value) {
    int body = key.length() + value.length() + 3;
    int length = body + ("" + body).length();
    length = body + ("" + length).length();
    return (length + " " + key + "=" + value + "\n").getBytes(UTF_8);
  }

  private void sparseOfGnu() {
    int more = random.nextInt(4);
    member('S', "a/sparse.jpg", new byte[0]);
    // Its last field but three says that more blocks of its header follow.
    fields.add(new Field(out.size() - TarHeader.BYTES + 482, 1));
    for (int i = 0; i < more; i++) {
      byte[] block = new byte[TarHeader.BYTES];
      block[504] = (byte) (i < more - 1 ? 1 : 0);
      field(block);
    }
  }

  private void member(char type, String name, byte[] content) {
    tarHeaders.add(out.size());
    text(name, 100);
    text("0000644", 8);
    text("0000000", 8);
    text("0000000", 8);
    size(content.length);
    text("00000000000", 12);
    text("        ", 8);
    field(new byte[] {(byte) type});
    text("a/1.jpg", 100);
    text("ustar", 6);
    text("00", 2);
    text("", 32);
    text("", 32);
    text("", 8);
    text("", 8);
    text(type == 'S' ? "" : "p".repeat(random.nextInt(2)), 155);
    text("", 12);
    // Whatever a broken archive is, it was right before.
    field(content);
    out.writeBytes(new byte[-content.length & (TarHeader.BYTES - 1)]);
  }

  private void size(int size) {
    if (random.nextBoolean()) {
      text("%011o".formatted(size), 12);
    } else {
      field(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) (size >> 8), (byte) size});
    }
  }

  private void text(String text, int length) {
    field(Arrays.copyOf(text.getBytes(UTF_8), length));
  }

  private static void correctChecksum(byte[] bytes, int at) {
    if (at + TarHeader.BYTES <= bytes.length) {
      Arrays.fill(bytes, at + 148, at + 156, (byte) ' ');
      int sum = 0;
      for (int i = at; i < at + TarHeader.BYTES; i++) {
        sum += bytes[i] & 255;
      }
      byte[] digits = "%06o\0 ".formatted(sum).getBytes(UTF_8);
      System.arraycopy(digits, 0, bytes, at + 148, 8);
    }
  }

  private void gzip(byte[] content) {
    int flags = random.nextInt(4) == 0 ? random.nextInt(32) : 0;
    number(0x8b1f, 2);
    number(8, 1);
    number(flags, 1);
    number(0, 4);
    number(0, 2);
    if ((flags & 4) != 0) {
      number(6, 2);
      field(new byte[] {'A', 'P', 2, 0, 1, 2});
    }
    if ((flags & 8) != 0) {
      field("name.tar\0".getBytes(UTF_8));
    }
    if ((flags & 16) != 0) {
      field("a comment\0".getBytes(UTF_8));
    }
    if ((flags & 2) != 0) {
      number(random.nextInt(), 2);
    }
    field(deflated(content));
    number(crc(content), 4);
    number(content.length, 4);
  }
}
