package dev.onecycle.image;

import dev.onecycle.platform.Failure;

/** The kinds of picture files that can be read, told by their first bytes and never by a name. */
public enum PictureFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  WEBP,
  TIFF,
  NETPBM;

  private static final String FIX = "send a JPEG, PNG, WebP, GIF, BMP, TIFF or PPM picture";

  /**
   * The format that the first bytes announce.
   *
   * @throws Failure.Unsupported if they announce none of these
   */
  public static PictureFormat of(byte[] file) {
    FileBytes bytes = new FileBytes("file", file);
    if (bytes.startsWith(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (bytes.startsWith(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (bytes.startsWith(0, "GIF87a") || bytes.startsWith(0, "GIF89a")) {
      return GIF;
    }
    if (bytes.startsWith(0, "RIFF") && bytes.startsWith(8, "WEBP")) {
      return WEBP;
    }
    // Two letters are weak evidence: the four reserved bytes are zero in every BMP that is written.
    if (bytes.startsWith(0, "BM") && bytes.startsWith(6, "\0\0\0\0")) {
      return BMP;
    }
    boolean canon = bytes.startsWith(8, "CR");
    if ((bytes.startsWith(0, "II*\0") && !canon) || bytes.startsWith(0, "MM\0*")) {
      return TIFF;
    }
    if (isNetpbm(bytes)) {
      return NETPBM;
    }
    String name = ForeignFormat.name(bytes);
    if (name != null) {
      throw new Failure.Unsupported(
          "the file is " + name + ", which is not read: convert it to JPEG or PNG", FIX);
    }
    throw new Failure.Unsupported(
        file.length == 0
            ? "the file is empty"
            : "the " + file.length + " bytes starting with " + bytes.hex(0, 8) + " are no picture",
        FIX);
  }

  /** P1 to P6 and white space, or a comment. */
  private static boolean isNetpbm(FileBytes bytes) {
    return bytes.startsWith(0, "P")
        && bytes.size() > 2
        && bytes.u8(1) >= '1'
        && bytes.u8(1) <= '6'
        && (Character.isWhitespace(bytes.u8(2)) || bytes.u8(2) == '#');
  }
}
