package dev.onecycle.torch.onednn;

import org.jspecify.annotations.Nullable;

/** Numbers [pictures, channels, side, side] on their way through a {@link Chain}. */
public final class Value {

  /**
   * Where values are, once the chain is finished: what nobody reads any more gives way. A sum is
   * where the value was that it adds to.
   */
  static final class Place {
    final long bytes;
    int lastUse;
    @Nullable Block block;

    /** Numbers of their own, which are there from the beginning. */
    @Nullable Numbers constant;

    Place(long bytes) {
      this.bytes = bytes;
    }
  }

  final int type;
  final long layout;
  final Place place;
  final int channels;
  final int side;
  final @Nullable QuantizationParameters steps;

  /** Makes a value that is somewhere else than all others. */
  Value(int type, long layout, int channels, int side, @Nullable QuantizationParameters steps) {
    this(type, layout, new Place(OneDnn.dnnl_memory_desc_get_size(layout)), channels, side, steps);
  }

  private Value(
      int type,
      long layout,
      Place place,
      int channels,
      int side,
      @Nullable QuantizationParameters steps) {
    this.type = type;
    this.layout = layout;
    this.place = place;
    this.channels = channels;
    this.side = side;
    this.steps = steps;
  }

  /** Returns what takes the place of this one, in its layout. */
  Value replaced(@Nullable QuantizationParameters by) {
    return new Value(type, layout, place, channels, side, by);
  }

  /** Returns the same memory in a layout of another shape. */
  Value seenAs(long other) {
    return new Value(type, other, place, channels, side, null);
  }

  /** Returns how long each side is. */
  public int side() {
    return side;
  }
}
