package dev.onecycle.serving.web;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Picture files for tests. */
final class Drawings {

  private Drawings() {}

  /** A PNG of two different halves and a dot; mirrored, left and right are swapped. */
  static byte[] png(int width, int height, boolean mirrored) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(mirrored ? Color.BLUE : Color.ORANGE);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.setColor(mirrored ? Color.ORANGE : Color.BLUE);
    graphics.fillRect(width / 2, 0, width - width / 2, height);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(mirrored ? width - width / 4 - 20 : width / 4, height / 3, 20, 20);
    graphics.dispose();
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A PNG that claims to be so large and holds next to nothing. */
  static byte[] hollowPng(int width, int height) {
    byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).array();
    header[8] = 8; // bits
    header[9] = 2; // red, green, blue
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    png.writeBytes(chunk("IHDR", header));
    png.writeBytes(chunk("IDAT", new byte[] {1, 2, 3}));
    png.writeBytes(chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] chunk = new byte[data.length + 12];
    ByteBuffer bytes = ByteBuffer.wrap(chunk).putInt(data.length);
    bytes.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk, 4, data.length + 4);
    bytes.putInt((int) crc.getValue());
    return chunk;
  }
}
