package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.onecycle.platform.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Any number of pictures of 8 x 8 pixels, as PNG of some 270 bytes. */
final class TinyPictures {

  private static final int SIDE = 8;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] HEADER = {0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0};

  private TinyPictures() {}

  /** Noise, different for each number. */
  static byte[] noise(int number) {
    byte[] rows = new byte[SIDE * (1 + 3 * SIDE)];
    new Seed(number).generator().nextBytes(rows);
    return png(rows, new byte[0]);
  }

  /** Black pictures: as a file, each is another one. */
  static byte[] black(int number) {
    return png(new byte[SIDE * (1 + 3 * SIDE)], ("number\0" + number).getBytes(US_ASCII));
  }

  private static byte[] png(byte[] rows, byte[] text) {
    for (int row = 0; row < rows.length; row += 1 + 3 * SIDE) {
      rows[row] = 0;
    }
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[2 * rows.length];
    int length = deflater.deflate(packed);
    deflater.end();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(SIGNATURE);
    chunk(png, "IHDR", HEADER, HEADER.length);
    if (text.length > 0) {
      chunk(png, "tEXt", text, text.length);
    }
    chunk(png, "IDAT", packed, length);
    chunk(png, "IEND", new byte[0], 0);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream to, String type, byte[] bytes, int length) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + length);
    chunk.putInt(length).put(type.getBytes(US_ASCII)).put(bytes, 0, length);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + length);
    chunk.putInt((int) crc.getValue());
    to.writeBytes(chunk.array());
  }

  /** Writes pictures into so many folders below {@code directory}, in turn. */
  static void write(Path directory, int pictures, int labels, IntFunction<byte[]> picture)
      throws IOException {
    for (int label = 0; label < labels; label++) {
      Files.createDirectories(folder(directory, label));
    }
    for (int i = 0; i < pictures; i++) {
      Path file = folder(directory, i % labels).resolve("picture-%07d.png".formatted(i));
      Files.write(file, picture.apply(i));
    }
  }

  private static Path folder(Path directory, int label) {
    return directory.resolve("class-%05d".formatted(label));
  }
}
