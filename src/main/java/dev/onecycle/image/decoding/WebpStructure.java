package dev.onecycle.image.decoding;

/** The chunks of a WebP (RFC 9649). */
final class WebpStructure {

  private static final int FIRST_CHUNK = 12;
  private static final int ANIMATED = 0x02;
  private static final int ALPHA = 0x10;

  private WebpStructure() {}

  static PictureHeader read(FileBytes file) {
    file.require(0, file.u32le(4) + 8);
    if (file.startsWith(FIRST_CHUNK, "VP8 ")) {
      return lossy(file, FIRST_CHUNK + 8);
    }
    if (file.startsWith(FIRST_CHUNK, "VP8L")) {
      return lossless(file, FIRST_CHUNK + 8);
    }
    if (file.startsWith(FIRST_CHUNK, "VP8X")) {
      return extended(file, FIRST_CHUNK + 8);
    }
    throw file.invalid("starts with a chunk of unknown kind " + file.hex(FIRST_CHUNK, 4));
  }

  private static PictureHeader lossy(FileBytes file, int at) {
    if (!file.startsWith(at + 3, "\u009d\u0001*")) {
      throw file.invalid("has no key frame");
    }
    return new PictureHeader(
        PictureFormat.WEBP, file.u16le(at + 6) & 0x3fff, file.u16le(at + 8) & 0x3fff);
  }

  private static PictureHeader lossless(FileBytes file, int at) {
    long bits = file.u32le(at + 1);
    int width = (int) (bits & 0x3fff) + 1;
    int height = (int) (bits >> 14 & 0x3fff) + 1;
    boolean alpha = (bits >> 28 & 1) == 1;
    return new PictureHeader(PictureFormat.WEBP, width, height, alpha, Orientation.UPRIGHT);
  }

  private static PictureHeader extended(FileBytes file, int at) {
    int flags = file.u8(at);
    if ((flags & ANIMATED) != 0) {
      throw file.invalid("is animated, only still ones are supported");
    }
    Orientation orientation = Orientation.UPRIGHT;
    long chunk = FIRST_CHUNK;
    while (chunk + 8 <= file.size()) {
      long length = file.u32le((int) chunk + 4);
      file.require(chunk + 8, length);
      if (file.startsWith((int) chunk, "ANIM") || file.startsWith((int) chunk, "ANMF")) {
        throw file.invalid("is animated, only still ones are supported");
      }
      if (file.startsWith((int) chunk, "EXIF")) {
        int tiff = (int) chunk + (file.startsWith((int) chunk + 8, "Exif\0\0") ? 14 : 8);
        orientation = Orientation.read(file, tiff, (int) (chunk + 8 + length));
      }
      // Chunks are padded to even lengths.
      chunk += 8 + length + (length & 1);
    }
    return new PictureHeader(
        PictureFormat.WEBP,
        file.u24le(at + 4) + 1,
        file.u24le(at + 7) + 1,
        (flags & ALPHA) != 0,
        orientation);
  }
}
