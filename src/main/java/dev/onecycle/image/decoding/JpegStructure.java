package dev.onecycle.image.decoding;

import org.jspecify.annotations.Nullable;

/** The markers of a JPEG up to its scan (ITU-T T.81, annex B). */
final class JpegStructure {

  private static final int EXIF = 0xe1;
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;

  /** Progressive pictures have about ten. */
  private static final int MAX_SCANS = 100;

  private JpegStructure() {}

  static PictureHeader read(FileBytes file) {
    Orientation orientation = Orientation.UPRIGHT;
    PictureHeader frame = null;
    int at = 2;
    while (true) {
      // Decoders skip junk between segments, and any number of 0xff before a marker.
      while (file.u8(at) != 0xff) {
        at++;
      }
      while (file.u8(at) == 0xff) {
        at++;
      }
      int marker = file.u8(at++);
      if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
        return finished(file, frame, orientation, at);
      }
      if (standsAlone(marker)) {
        continue;
      }
      int length = file.u16(at);
      if (length < 2) {
        throw file.invalid("has a segment of " + length + " bytes, minimum 2");
      }
      file.require(at, length);
      if (isFrame(marker)) {
        if (frame != null) {
          throw file.invalid("has more than one frame");
        }
        frame = frame(file, marker, at + 2);
      } else if (marker == EXIF && file.startsWith(at + 2, "Exif\0\0")) {
        orientation = Orientation.read(file, at + 8, at + length);
      }
      at += length;
    }
  }

  /**
   * Looks for the end marker, without which decoders invent missing rows, and counts scans: each
   * makes the decoder visit all pixels, so that a small file could keep it busy for minutes. 0xff
   * is escaped inside a scan, so what looks like a marker is one.
   */
  private static PictureHeader finished(
      FileBytes file, @Nullable PictureHeader frame, Orientation orientation, int firstScan) {
    if (frame == null) {
      throw file.invalid("has no frame header");
    }
    int scans = 1;
    byte[] bytes = file.bytes();
    for (int i = firstScan; i < bytes.length - 1; i++) {
      if (bytes[i] != (byte) 0xff) {
        continue;
      }
      int marker = bytes[i + 1] & 0xff;
      if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
        throw file.invalid("has more than " + MAX_SCANS + " scans");
      }
      if (marker == END_OF_IMAGE) {
        return header(frame, orientation, true);
      }
    }
    return header(frame, orientation, false);
  }

  private static PictureHeader header(PictureHeader frame, Orientation orientation, boolean ended) {
    return new PictureHeader(
        PictureFormat.JPEG, frame.width(), frame.height(), false, orientation, ended);
  }

  private static PictureHeader frame(FileBytes file, int marker, int at) {
    if ((marker & 3) == 3) {
      throw file.invalid("is coded without loss, which is not supported");
    }
    if ((marker & 0x04) != 0) {
      throw file.invalid("is hierarchical, which is not supported");
    }
    int bits = file.u8(at);
    if (bits != 8) {
      throw file.invalid("has " + bits + " bits a sample, only 8 are supported");
    }
    return new PictureHeader(PictureFormat.JPEG, file.u16(at + 3), file.u16(at + 1));
  }

  /** SOF0 to SOF15; the three gaps are tables (DHT, JPG, DAC). */
  private static boolean isFrame(int marker) {
    return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Restart markers, TEM, a second start and a stuffed zero carry no length. */
  private static boolean standsAlone(int marker) {
    return (marker >= 0xd0 && marker <= 0xd8) || marker <= 0x01;
  }
}
