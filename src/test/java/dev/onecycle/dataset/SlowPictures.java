package dev.onecycle.dataset;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Pictures of two labels that take a while to import: one large drawing under many names. */
public final class SlowPictures {

  private static final int WIDTH = 4_000;
  private static final int HEIGHT = 3_000;

  private SlowPictures() {}

  /** Makes a directory of so many. */
  public static Path directory(Path directory, int pictures) throws IOException {
    Path first = null;
    for (int i = 0; i < pictures; i++) {
      Path file = directory.resolve(name(i));
      Files.createDirectories(file.getParent());
      if (first == null) {
        first = Files.write(file, drawn());
      } else {
        Files.createLink(file, first);
      }
    }
    return directory;
  }

  /** A zip of so many. */
  public static byte[] zip(int pictures) throws IOException {
    byte[] picture = drawn();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < pictures; i++) {
        zip.putNextEntry(new ZipEntry(name(i)));
        zip.write(picture);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String name(int i) {
    return "set/" + (i % 2 == 0 ? "left" : "right") + "/" + i + ".jpg";
  }

  private static byte[] drawn() throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var canvas = image.createGraphics();
    canvas.setPaint(new GradientPaint(0, 0, Color.RED, WIDTH, HEIGHT, Color.CYAN));
    canvas.fillRect(0, 0, WIDTH, HEIGHT);
    canvas.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", jpeg);
    return jpeg.toByteArray();
  }
}
