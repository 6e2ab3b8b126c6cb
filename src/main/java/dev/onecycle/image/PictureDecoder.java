package dev.onecycle.image;

import dev.onecycle.platform.Failure;

/**
 * Picture files to pixels. JPEG and WebP go to OpenCV, which is four times as fast as the JDK; PNG,
 * GIF, BMP and TIFF go to the JDK, because OpenCV's PNG reader can be crashed by its input. Safe
 * for any number of threads.
 */
public final class PictureDecoder {

  private PictureDecoder() {}

  /** Decodes within {@link DecodeLimits#DEFAULT}; see {@link #decode(byte[], DecodeLimits)}. */
  public static Picture decode(byte[] file) {
    return decode(file, DecodeLimits.DEFAULT);
  }

  /**
   * Decodes a JPEG, PNG, GIF (first frame), BMP, WebP, TIFF (first page) or one of Netpbm's formats
   * (.ppm, .pgm, .pbm). The rotation that EXIF asks for is applied; grey, CMYK, 16 bits and
   * palettes become 8-bit RGB; transparent pixels lie on white.
   *
   * @param file the whole file
   * @throws Failure.Unsupported if the bytes are no known kind of picture
   * @throws Failure.TooLarge if it has more pixels than the limits allow
   * @throws Failure.Invalid if it is truncated, broken, or of a variant that cannot be decoded
   */
  public static Picture decode(byte[] file, DecodeLimits limits) {
    PictureHeader header = PictureHeader.read(file);
    header.requireWithin(limits);
    Picture stored = stored(file, header);
    if (stored.width() != header.width() || stored.height() != header.height()) {
      throw new Failure.Invalid(
          "the %s says %dx%d pixels and holds %dx%d"
              .formatted(
                  header.format(),
                  header.width(),
                  header.height(),
                  stored.width(),
                  stored.height()),
          "send a complete, valid picture");
    }
    return header.orientation().turn(stored);
  }

  /** Whatever a decoder throws that is not about the process is the file's fault. */
  private static Picture stored(byte[] file, PictureHeader header) {
    try {
      return switch (header.format()) {
        case JPEG -> OpenCvDecoder.decode(header.ended() ? file : JpegEnd.added(file), header);
        case WEBP -> OpenCvDecoder.decode(file, header);
        case PNG, BMP -> JdkDecoder.decode(file, header);
        case GIF ->
            GifStructure.read(new FileBytes("GIF", file)).composed(JdkDecoder.decode(file, header));
        case TIFF -> JdkDecoder.decode(TiffStructure.plain(new FileBytes("TIFF", file)), header);
        case NETPBM -> Netpbm.read(new FileBytes("NETPBM", file)).decode();
      };
    } catch (Failure e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new FileBytes(header.format().name(), file).invalid("cannot be decoded");
    }
  }
}
