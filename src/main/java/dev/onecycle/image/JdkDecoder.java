package dev.onecycle.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG, GIF (first frame), BMP and TIFF (first page) through the JDK's own readers, in memory. */
final class JdkDecoder {

  private JdkDecoder() {}

  static Picture decode(byte[] file, PictureHeader header) {
    return toPicture(read(file, header.format().name()));
  }

  private static BufferedImage read(byte[] file, String format) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(input, true, true);
      BufferedImage image = reader.read(0);
      // Colours that were multiplied by their alpha before are divided again.
      image.coerceData(false);
      return image;
    } catch (IOException e) {
      throw new FileBytes(format, file).invalid("cannot be decoded: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private static Picture toPicture(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    boolean samples = image.getColorModel() instanceof ComponentColorModel;
    for (int y = 0; y < height; y++) {
      if (samples) {
        copySamples(image, y, rgb);
      } else {
        copyColours(image, y, rgb);
      }
    }
    return new Picture(width, height, rgb);
  }

  /**
   * Grey or RGB with or without alpha, as stored. Not through the colour model: the JDK takes grey
   * for linear light and would brighten it. Of 16 bits the upper 8 are kept.
   */
  private static void copySamples(BufferedImage image, int y, byte[] rgb) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    boolean grey = bands < 3;
    boolean opaque = bands % 2 == 1;
    int[] row = raster.getPixels(0, y, image.getWidth(), 1, (int[]) null);
    int to = y * image.getWidth() * 3;
    for (int from = 0; from < row.length; from += bands, to += 3) {
      int alpha = opaque ? 255 : row[from + bands - 1] >> shift;
      for (int c = 0; c < 3; c++) {
        rgb[to + c] = Alpha.onWhite(row[grey ? from : from + c] >> shift, alpha);
      }
    }
  }

  /** Palettes and packed pixels, through the colour model. */
  private static void copyColours(BufferedImage image, int y, byte[] rgb) {
    int[] row = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
    int to = y * image.getWidth() * 3;
    for (int argb : row) {
      int alpha = argb >>> 24;
      rgb[to++] = Alpha.onWhite(argb >> 16 & 0xff, alpha);
      rgb[to++] = Alpha.onWhite(argb >> 8 & 0xff, alpha);
      rgb[to++] = Alpha.onWhite(argb & 0xff, alpha);
    }
  }
}
