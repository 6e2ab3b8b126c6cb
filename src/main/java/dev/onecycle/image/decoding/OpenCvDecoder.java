package dev.onecycle.image.decoding;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import dev.onecycle.image.Picture;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * JPEG and WebP through OpenCV, and nothing else: it is native code, so it sees only files whose
 * header we have read. Loading the library costs seconds once; its files are unpacked below the
 * system property {@code org.bytedeco.javacpp.cachedir}. All native memory is freed on return.
 */
final class OpenCvDecoder {

  static {
    // One thread per request: many pictures are decoded at once, none is worth splitting.
    opencv_core.setNumThreads(0);
  }

  private OpenCvDecoder() {}

  static Picture decode(byte[] file, PictureHeader header) {
    int flags = header.alpha() ? IMREAD_UNCHANGED : IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;
    try (BytePointer data = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, CV_8UC1, data);
        Mat pixels = opencv_imgcodecs.imdecode(encoded, flags)) {
      if (pixels.empty()) {
        throw new FileBytes(header.format().name(), file).invalid("is truncated or corrupt");
      }
      ByteBuffer buffer = pixels.createBuffer();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      byte[] rgb = header.alpha() ? onWhite(bytes, pixels.channels()) : bytes;
      return new Picture(pixels.cols(), pixels.rows(), rgb);
    }
  }

  /** Blue, green, red and, with four channels, alpha. */
  private static byte[] onWhite(byte[] bgra, int channels) {
    byte[] rgb = new byte[bgra.length / channels * 3];
    for (int from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
      int alpha = channels == 4 ? bgra[from + 3] & 0xff : 255;
      rgb[to] = Alpha.onWhite(bgra[from + 2] & 0xff, alpha);
      rgb[to + 1] = Alpha.onWhite(bgra[from + 1] & 0xff, alpha);
      rgb[to + 2] = Alpha.onWhite(bgra[from] & 0xff, alpha);
    }
    return rgb;
  }
}
