package dev.onecycle.image.decoding;

import dev.onecycle.image.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Picture files, ordinary and odd, made on the spot. */
public final class TestFiles {

  private TestFiles() {}

  /** A smooth picture: red grows to the right, green downwards, blue is 128. */
  public static Picture ramp(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i += 3) {
        rgb[i] = (byte) (x * 255 / Math.max(1, width - 1));
        rgb[i + 1] = (byte) (y * 255 / Math.max(1, height - 1));
        rgb[i + 2] = (byte) 128;
      }
    }
    return new Picture(width, height, rgb);
  }

  public static byte[] file(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The picture as a BufferedImage of the given type. */
  public static BufferedImage image(Picture picture, int type) {
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), type);
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int i = (y * picture.width() + x) * 3;
        byte[] p = picture.rgb();
        image.setRGB(
            x, y, 0xff << 24 | (p[i] & 255) << 16 | (p[i + 1] & 255) << 8 | (p[i + 2] & 255));
      }
    }
    return image;
  }

  /** Lossy WebP of an RGB picture, through OpenCV's encoder. */
  public static byte[] webp(Picture picture) {
    byte[] bgr = picture.rgb().clone();
    for (int i = 0; i < bgr.length; i += 3) {
      byte red = bgr[i];
      bgr[i] = bgr[i + 2];
      bgr[i + 2] = red;
    }
    return webp(picture.width(), picture.height(), opencv_core.CV_8UC3, bgr);
  }

  /** WebP with alpha from blue, green, red, alpha bytes. */
  static byte[] webpWithAlpha(int width, int height, byte[] bgra) {
    return webp(width, height, opencv_core.CV_8UC4, bgra);
  }

  private static byte[] webp(int width, int height, int type, byte[] pixels) {
    try (BytePointer data = new BytePointer(pixels);
        Mat mat = new Mat(height, width, type, data);
        BytePointer encoded = new BytePointer()) {
      opencv_imgcodecs.imencode(".webp", mat, encoded);
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  /** The JPEG with an EXIF segment that holds only the orientation. */
  public static byte[] rotated(byte[] jpeg, int orientation) {
    ByteBuffer segment = ByteBuffer.allocate(36);
    segment.putShort((short) 0xffe1).putShort((short) 34);
    segment.put(latin("Exif\0\0")).put(latin("MM")).putShort((short) 42).putInt(8);
    segment.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
    segment.putShort((short) orientation).putShort((short) 0).putInt(0);
    return spliced(jpeg, 2, 2, segment.array());
  }

  /** The file with bytes {@code from} to {@code to} replaced. */
  static byte[] spliced(byte[] file, int from, int to, byte[] replacement) {
    return ByteBuffer.allocate(file.length - (to - from) + replacement.length)
        .put(file, 0, from)
        .put(replacement)
        .put(file, to, file.length - to)
        .array();
  }

  /** A PNG of these raw chunks, each {name, data} with its checksum, between signature and IEND. */
  static byte[] png(Chunk... chunks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(latin("\u0089PNG\r\n\u001a\n"));
    for (Chunk chunk : chunks) {
      bytes.writeBytes(chunk.bytes());
    }
    bytes.writeBytes(new Chunk("IEND", new byte[0]).bytes());
    return bytes.toByteArray();
  }

  /** Makes the checksums of all complete chunks right again; other files are left alone. */
  static void correctPngChecksums(byte[] file) {
    FileBytes bytes = new FileBytes("PNG", file);
    long at = 8;
    while (bytes.startsWith(1, "PNG") && at + 8 <= file.length) {
      long length = bytes.u32((int) at);
      if (at + length + 12 > file.length) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(file, (int) at + 4, (int) length + 4);
      ByteBuffer.wrap(file).putInt((int) (at + length) + 8, (int) crc.getValue());
      at += length + 12;
    }
  }

  record Chunk(String name, byte[] data) {

    static Chunk header(int width, int height, int bits, int colour) {
      return new Chunk(
          "IHDR",
          ByteBuffer.allocate(13)
              .putInt(width)
              .putInt(height)
              .put((byte) bits)
              .put((byte) colour)
              .array());
    }

    byte[] bytes() {
      CRC32 crc = new CRC32();
      crc.update(latin(name));
      crc.update(data);
      return ByteBuffer.allocate(data.length + 12)
          .putInt(data.length)
          .put(latin(name))
          .put(data)
          .putInt((int) crc.getValue())
          .array();
    }
  }

  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
