package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import java.nio.ByteBuffer;

/**
 * Exact sums over the pixels of one picture: per channel of the values 0 to 255, and of their
 * squares.
 *
 * @param pixels how many
 */
record ChannelSums(
    long pixels,
    long red,
    long redSquares,
    long green,
    long greenSquares,
    long blue,
    long blueSquares) {

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
    long pixels = (long) picture.width() * picture.height();
    return new ChannelSums(pixels, red, redSquares, green, greenSquares, blue, blueSquares);
  }

  static final int BYTES = 7 * Long.BYTES;

  /** Appends {@link #BYTES} bytes. */
  void write(ByteBuffer to) {
    to.putLong(pixels);
    to.putLong(red).putLong(redSquares);
    to.putLong(green).putLong(greenSquares);
    to.putLong(blue).putLong(blueSquares);
  }

  /** What {@link #write} appended. */
  static ChannelSums read(ByteBuffer from) {
    return new ChannelSums(
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong());
  }

  /** The sum of a channel: 0 for red, 1 for green, 2 for blue. */
  long sum(int channel) {
    return channel == 0 ? red : channel == 1 ? green : blue;
  }

  /** The sum of a channel's squares. */
  long squares(int channel) {
    return channel == 0 ? redSquares : channel == 1 ? greenSquares : blueSquares;
  }

  /** The mean colour, 0xRRGGBB. */
  int meanColour() {
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      colour = colour << 8 | (int) Math.round((double) sum(channel) / pixels);
    }
    return colour;
  }
}
