package dev.onecycle.image;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Makes one view of an item: geometry at the item's size where there is any, then the last resize
 * and the table of levels. Holds the memory that this takes, to be borrowed and given back, so that
 * a view allocates nothing.
 */
final class ViewKernel {

  /** As many as can work at once; whoever gives back one more leaves it to the collector. */
  private static final BlockingQueue<ViewKernel> FREE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /** From a byte times two weights down to a quarter of a level. */
  private static final int DOWN = 2 * CropTaps.BITS - 2;

  private static final int ROUND = 1 << (DOWN - 1);

  final Levels levels = new Levels();
  private final Mover mover = new Mover();
  private final MovedRows movedRows = new MovedRows();
  private CropTaps taps = new CropTaps(1, 1);
  private int[] column = new int[0];
  private float[] row = new float[0];
  private short[] halves = new short[0];

  // The crop that is looked at.
  private byte[] rgb = Picture.NO_PIXELS;
  private int stride;
  private int corner;
  private boolean mirrored;
  private boolean moving;

  private ViewKernel() {}

  static ViewKernel borrow() {
    ViewKernel free = FREE.poll();
    return free == null ? new ViewKernel() : free;
  }

  void giveBack() {
    rgb = Picture.NO_PIXELS;
    movedRows.forget();
    FREE.offer(this);
  }

  /** Looks at a square of the item as it is, or at its mirror image. */
  void look(Picture item, int left, int top, boolean inMirror) {
    rgb = item.rgb();
    stride = 3 * item.width();
    corner = top * stride + 3 * left;
    mirrored = inMirror;
    moving = false;
  }

  /** Looks at the crop of an item that geometry has moved. */
  void move(
      Picture item, int left, int top, int itemSize, ViewDraw draw, BatchCrop crop, int size) {
    prepare(crop.side(), size);
    moving = taps.isPlain() || (taps.isOfPairs() && itemSize > 3);
    if (moving) {
      movedRows.look(item, left, top, itemSize, taps.isOfPairs(), draw, crop);
      return;
    }
    rgb = mover.move(item, left, top, itemSize, draw, crop);
    stride = 3 * crop.side();
    corner = 0;
    mirrored = false;
  }

  /** Draws a view of a crop of {@code side} pixels. */
  void draw(int side, int size, Levels levels, FloatBuffer out, int offset) {
    prepare(side, size);
    for (int y = 0; y < size; y++) {
      if (moving) {
        movedRows.draw(y, taps, levels.seen, row);
      } else {
        drawRow(y, levels.seen);
      }
      out.put(offset + 3 * size * y, row, 0, 3 * size);
    }
  }

  /** Draws a view with levels that bfloat16 has. */
  void draw(int side, int size, Levels levels, ShortBuffer out, int offset) {
    prepare(side, size);
    for (int y = 0; y < size; y++) {
      if (moving) {
        movedRows.draw(y, taps, levels.seen, row);
      } else {
        drawRow(y, levels.seen);
      }
      for (int i = 0; i < 3 * size; i++) {
        halves[i] = Bfloat16.bits(row[i]);
      }
      out.put(offset + 3 * size * y, halves, 0, 3 * size);
    }
  }

  /** The pictures of a batch have one crop. */
  private void prepare(int side, int size) {
    if (taps.side != side || taps.size != size) {
      taps = new CropTaps(side, size);
    }
    if (row.length < 3 * size) {
      row = new float[3 * size];
      halves = new short[3 * size];
    }
    if (column.length < 3 * side) {
      column = new int[3 * side];
    }
  }

  private void drawRow(int y, float[] seen) {
    addLines(y);
    int size = taps.size;
    int most = taps.most;
    int[] first = taps.first;
    int[] weights = taps.weights;
    int[] from = column;
    int step = mirrored ? -3 : 3;
    int to = mirrored ? 3 * (size - 1) : 0;
    for (int x = 0; x < size; x++, to += step) {
      int at = 3 * first[x];
      int red = ROUND;
      int green = ROUND;
      int blue = ROUND;
      for (int k = x * most, end = k + most; k < end; k++, at += 3) {
        int weight = weights[k];
        red += from[at] * weight;
        green += from[at + 1] * weight;
        blue += from[at + 2] * weight;
      }
      row[to] = seen[3 * (red >> DOWN)];
      row[to + 1] = seen[3 * (green >> DOWN) + 1];
      row[to + 2] = seen[3 * (blue >> DOWN) + 2];
    }
  }

  /** The lines that row {@code y} is made of, added by their weights into one. */
  private void addLines(int y) {
    int numbers = 3 * taps.side;
    int line = corner + taps.first[y] * stride;
    int weights = y * taps.most;
    int first = taps.weights[weights];
    if (taps.most == 1) {
      copy(line, numbers, first);
    } else {
      add(line, numbers, first, taps.weights[weights + 1]);
    }
    for (int k = 2; k < taps.most; k++) {
      int weight = taps.weights[weights + k];
      if (weight != 0) {
        add(line + k * stride, numbers, weight);
      }
    }
  }

  private void copy(int line, int numbers, int weight) {
    for (int i = 0; i < numbers; i++) {
      column[i] = (rgb[line + i] & 0xff) * weight;
    }
  }

  private void add(int line, int numbers, int above, int below) {
    byte[] from = rgb;
    int[] to = column;
    int next = line + stride;
    for (int i = 0; i < numbers; i++) {
      to[i] = (from[line + i] & 0xff) * above + (from[next + i] & 0xff) * below;
    }
  }

  private void add(int line, int numbers, int weight) {
    byte[] from = rgb;
    int[] to = column;
    for (int i = 0; i < numbers; i++) {
      to[i] += (from[line + i] & 0xff) * weight;
    }
  }
}
