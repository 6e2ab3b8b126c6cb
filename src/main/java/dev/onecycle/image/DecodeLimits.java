package dev.onecycle.image;

/**
 * What a picture may cost to decode. Read from the header, before a decoder allocates anything.
 *
 * @param maxPixels the largest width x height, at least 1
 */
public record DecodeLimits(long maxPixels) {

  /** 50 megapixels: 150 MB decoded, up to 550 MB while decoding 16 bits with alpha. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(50_000_000);

  /** For pictures that were let in before. */
  public static final DecodeLimits NONE = new DecodeLimits(Long.MAX_VALUE);

  /** The longest side, whatever the area: a JPEG's limit, so that resized rows fit an array. */
  static final int MAX_SIDE = 65_535;

  public DecodeLimits {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels " + maxPixels + " < 1");
    }
  }
}
