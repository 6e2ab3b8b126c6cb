package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import java.nio.ByteBuffer;

/**
 * Exact sums over the pixels of one picture.
 *
 * @param pixels how many
 * @param sum per channel (red, green, blue) of the values 0 to 255
 * @param squares per channel of their squares
 */
record ChannelSums(long pixels, long[] sum, long[] squares) {

  static ChannelSums of(Picture picture) {
    long red = 0;
    long green = 0;
    long blue = 0;
    long redSquares = 0;
    long greenSquares = 0;
    long blueSquares = 0;
    byte[] rgb = picture.rgb();
    for (int i = 0; i < picture.length(); i += 3) {
      long r = rgb[i] & 255;
      long g = rgb[i + 1] & 255;
      long b = rgb[i + 2] & 255;
      red += r;
      green += g;
      blue += b;
      redSquares += r * r;
      greenSquares += g * g;
      blueSquares += b * b;
    }
    return new ChannelSums(
        (long) picture.width() * picture.height(),
        new long[] {red, green, blue},
        new long[] {redSquares, greenSquares, blueSquares});
  }

  static final int BYTES = 7 * Long.BYTES;

  /** Appends {@link #BYTES} bytes. */
  void write(ByteBuffer to) {
    to.putLong(pixels);
    for (int channel = 0; channel < 3; channel++) {
      to.putLong(sum[channel]).putLong(squares[channel]);
    }
  }

  /** What {@link #write} appended. */
  static ChannelSums read(ByteBuffer from) {
    ChannelSums read = new ChannelSums(from.getLong(), new long[3], new long[3]);
    for (int channel = 0; channel < 3; channel++) {
      read.sum[channel] = from.getLong();
      read.squares[channel] = from.getLong();
    }
    return read;
  }

  /** The mean colour, 0xRRGGBB. */
  int meanColour() {
    int colour = 0;
    for (long channel : sum) {
      colour = colour << 8 | (int) Math.round((double) channel / pixels);
    }
    return colour;
  }
}
