package dev.onecycle.image.decoding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The end of a JPEG whose end marker is missing, as some cameras and cut downloads leave it. */
final class JpegEnd {

  private JpegEnd() {}

  /**
   * The file with an end marker.
   *
   * @throws dev.onecycle.platform.Failure.Invalid if more than that is missing: OpenCV would make
   *     grey of it without a word, but the JDK's reader complains
   */
  static byte[] added(byte[] file) {
    int length = file.length;
    while (length > 0 && file[length - 1] == (byte) 0xff) {
      length--;
    }
    byte[] ended = Arrays.copyOf(file, length + 2);
    ended[length] = (byte) 0xff;
    ended[length + 1] = (byte) 0xd9;
    if (complaints(ended) > 0) {
      throw new FileBytes("JPEG", file)
          .invalid("is truncated: no end marker in its " + file.length + " bytes");
    }
    return ended;
  }

  private static int complaints(byte[] file) {
    AtomicInteger complaints = new AtomicInteger();
    IIOReadWarningListener listener = (reader, warning) -> complaints.incrementAndGet();
    ImageReader reader = ImageIO.getImageReadersByFormatName("JPEG").next();
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.addIIOReadWarningListener(listener);
      reader.setInput(input, true, true);
      reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      complaints.incrementAndGet();
    } finally {
      reader.dispose();
    }
    return complaints.get();
  }
}
