package dev.onecycle.image;

import dev.onecycle.platform.Failure;

/**
 * What a picture file says about itself before any decoder sees it. Read in plain Java from the
 * whole file's structure, so that a native decoder never meets a kind, a size or a cut that we know
 * it should not.
 *
 * @param width as stored, before the rotation that EXIF asks for
 * @param height as stored
 * @param alpha whether pixels may be transparent
 * @param orientation how the stored pixels are to be turned
 * @param ended false where a JPEG's end marker is missing: it may be whole otherwise, or not
 */
public record PictureHeader(
    PictureFormat format,
    int width,
    int height,
    boolean alpha,
    Orientation orientation,
    boolean ended) {

  public PictureHeader {
    if (width < 1 || height < 1) {
      throw new Failure.Invalid(
          "the " + format + " says that it has " + width + "x" + height + " pixels",
          "send a picture with at least one pixel");
    }
  }

  PictureHeader(PictureFormat format, int width, int height) {
    this(format, width, height, false, Orientation.UPRIGHT);
  }

  PictureHeader(
      PictureFormat format, int width, int height, boolean alpha, Orientation orientation) {
    this(format, width, height, alpha, orientation, true);
  }

  /**
   * Reads the header.
   *
   * @throws Failure.Unsupported if the bytes are no known kind of picture
   * @throws Failure.Invalid if the file is truncated or broken, or of a variant that cannot be
   *     decoded: a JPEG of 12 bits or without loss, an animated WebP
   */
  public static PictureHeader read(byte[] file) {
    PictureFormat format = PictureFormat.of(file);
    FileBytes bytes = new FileBytes(format.name(), file);
    return switch (format) {
      case JPEG -> JpegStructure.read(bytes);
      case PNG -> PngStructure.read(bytes);
      case GIF -> GifStructure.read(bytes).header();
      case BMP -> BmpStructure.read(bytes);
      case WEBP -> WebpStructure.read(bytes);
      case TIFF -> TiffStructure.read(bytes);
      case NETPBM -> Netpbm.read(bytes).header();
    };
  }

  /** Refuses a picture of more or longer rows than the limits with {@link Failure.TooLarge}. */
  void requireWithin(DecodeLimits limits) {
    int side = Math.max(width, height);
    if (side > DecodeLimits.MAX_SIDE) {
      throw new Failure.TooLarge(
          "the %s has a side of %d pixels > maximum %d"
              .formatted(format, side, DecodeLimits.MAX_SIDE),
          "send a smaller picture");
    }
    long pixels = (long) width * height;
    if (pixels > limits.maxPixels()) {
      throw new Failure.TooLarge(
          "the %s has %dx%d = %d pixels > maximum %d"
              .formatted(format, width, height, pixels, limits.maxPixels()),
          "send a smaller picture");
    }
  }
}
