package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Part;
import dev.onecycle.layout.Placed;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a pack: a line of its {@code index.tsv}.
 *
 * @param path where it lay in what was imported; unique in the pack
 * @param label its class; null for one that is left out because it has none
 * @param folder the part that it lies in, by folders or a table; null for none
 * @param offset of its encoded bytes in the pack
 * @param length of its encoded bytes
 * @param width in pixels, upright
 * @param height in pixels, upright
 * @param sha256 of its encoded bytes
 * @param fingerprint what it looks like, see {@link Fingerprint}
 * @param colour its mean colour, 0xRRGGBB
 */
public record PackedPicture(
    String path,
    @Nullable String label,
    @Nullable Part folder,
    long offset,
    int length,
    int width,
    int height,
    Sha256 sha256,
    long fingerprint,
    int colour) {

  /** How far a channel of the mean colour may move when a picture is resized or encoded again. */
  static final int MAX_COLOUR_DISTANCE = 4;

  /** Whether two mean colours are nearly the same. */
  static boolean sameColour(int one, int other) {
    for (int shift = 0; shift <= 16; shift += 8) {
      if (Math.abs((one >> shift & 255) - (other >> shift & 255)) > MAX_COLOUR_DISTANCE) {
        return false;
      }
    }
    return true;
  }

  /** This with another place. */
  PackedPicture placed(Placed place) {
    return placed(place.label(), place.part());
  }

  /** This with another label and part. */
  PackedPicture placed(@Nullable String otherLabel, @Nullable Part otherFolder) {
    return new PackedPicture(
        path, otherLabel, otherFolder, offset, length, width, height, sha256, fingerprint, colour);
  }

  /** The line, tab-separated; no path or label has a tab. */
  String line() {
    return String.join(
        "\t",
        path,
        label == null ? "" : label,
        folder == null ? "-" : folder.word(),
        Long.toString(offset),
        Integer.toString(length),
        Integer.toString(width),
        Integer.toString(height),
        sha256.toString(),
        HexFormat.of().toHexDigits(fingerprint),
        HexFormat.of().toHexDigits((long) colour, 6));
  }

  /**
   * Reads a line back.
   *
   * @param labels those that were read, each by itself: a million pictures share them
   * @throws IllegalArgumentException if it is not one
   */
  static PackedPicture of(String line, Map<String, String> labels) {
    String[] fields = line.split("\t", -1);
    if (fields.length != 10) {
      throw new IllegalArgumentException("index line of " + fields.length + " fields, expected 10");
    }
    return new PackedPicture(
        fields[0],
        fields[1].isEmpty() ? null : labels.computeIfAbsent(fields[1], label -> label),
        Part.ofWord(fields[2]).orElse(null),
        Long.parseLong(fields[3]),
        Integer.parseInt(fields[4]),
        Integer.parseInt(fields[5]),
        Integer.parseInt(fields[6]),
        Sha256.ofDigits(fields[7]),
        HexFormat.fromHexDigitsToLong(fields[8]),
        HexFormat.fromHexDigits(fields[9]));
  }
}
