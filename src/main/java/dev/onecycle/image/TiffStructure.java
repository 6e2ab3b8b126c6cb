package dev.onecycle.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The first page of a TIFF (revision 6.0). Every number that a reader would allocate or seek by is
 * looked at here, and it is shown none that was not.
 */
final class TiffStructure {

  private static final int KIND_OF_PAGE = 254;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int STRIPS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILES = 324;
  private static final int TILE_BYTES = 325;
  private static final int FILL_ORDER = 266;
  private static final int PREDICTOR = 317;
  private static final int PALETTE = 320;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;
  private static final int DNG = 50706;

  /** What is needed to find the pixels and to understand them. */
  private static final Set<Integer> READ =
      Set.of(
          KIND_OF_PAGE,
          ORIENTATION,
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          FILL_ORDER,
          STRIPS,
          SAMPLES,
          ROWS_PER_STRIP,
          STRIP_BYTES,
          PLANAR,
          PREDICTOR,
          PALETTE,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILES,
          TILE_BYTES,
          EXTRA_SAMPLES,
          SAMPLE_FORMAT);

  /** Nothing, LZW, deflate by its two numbers, PackBits. */
  private static final Set<Long> COMPRESSIONS = Set.of(1L, 5L, 8L, 32946L, 32773L);

  /** White is zero, black is zero, RGB, palette. */
  private static final int LAST_PHOTOMETRIC = 3;

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int MAX_VALUES = 1 << 20;

  /** What a tile may have beyond its picture. */
  private static final int TILE_MARGIN = 1 << 20;

  private final FileBytes file;
  private final boolean little;
  private final Map<Integer, long[]> tags = new HashMap<>();
  private final SortedMap<Integer, Integer> entries = new TreeMap<>();
  private boolean dng;

  private TiffStructure(FileBytes file) {
    this.file = file;
    this.little = file.startsWith(0, "II");
    read(u32(4));
  }

  static PictureHeader read(FileBytes file) {
    return new TiffStructure(file).header();
  }

  /** The file with a directory of only the tags that were looked at, and of one page. */
  static byte[] plain(FileBytes file) {
    return new TiffStructure(file).plain();
  }

  private byte[] plain() {
    int size = 2 + 12 * entries.size() + 4;
    ByteBuffer plain = ByteBuffer.wrap(Arrays.copyOf(file.bytes(), file.size() + size));
    plain.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    plain.putInt(4, file.size());
    plain.position(file.size());
    plain.putShort((short) entries.size());
    entries.values().forEach(entry -> plain.put(file.bytes(), entry, 12));
    return plain.array();
  }

  private void read(long directory) {
    file.require(directory, 2);
    int count = u16((int) directory);
    file.require(directory + 2, 12L * count);
    for (int i = 0; i < count; i++) {
      int entry = (int) directory + 2 + 12 * i;
      int tag = u16(entry);
      dng |= tag == DNG;
      int type = u16(entry + 2);
      if (READ.contains(tag) && (type == SHORT || type == LONG) && !tags.containsKey(tag)) {
        tags.put(tag, numbers(entry, type, u32(entry + 4)));
        entries.put(tag, entry);
      }
    }
  }

  private long[] numbers(int entry, int type, long count) {
    if (count > MAX_VALUES) {
      throw file.invalid("has a tag of " + count + " values > maximum " + MAX_VALUES);
    }
    int bytes = type == SHORT ? 2 : 4;
    long at = count * bytes <= 4 ? entry + 8L : u32(entry + 8);
    file.require(at, count * bytes);
    long[] numbers = new long[(int) count];
    for (int i = 0; i < count; i++) {
      int place = (int) at + i * bytes;
      numbers[i] = type == SHORT ? u16(place) : u32(place);
    }
    return numbers;
  }

  private PictureHeader header() {
    if ((one(KIND_OF_PAGE, 0) & 1) != 0 || dng) {
      throw file.invalid("is a camera's raw file, only its preview could be read");
    }
    long width = one(WIDTH, 0);
    long height = one(HEIGHT, 0);
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw file.invalid("says that it has " + width + "x" + height + " pixels");
    }
    int tag = (int) one(ORIENTATION, 1);
    Orientation turned = tag >= 1 && tag <= 8 ? new Orientation(tag) : Orientation.UPRIGHT;
    PictureHeader header =
        new PictureHeader(PictureFormat.TIFF, (int) width, (int) height, false, turned);
    requireReadable();
    requirePieces(width, height);
    return header;
  }

  private void requireReadable() {
    long compression = one(COMPRESSION, 1);
    if (!COMPRESSIONS.contains(compression)) {
      throw file.invalid("has the compression " + compression + ", which is not read");
    }
    long photometric = one(PHOTOMETRIC, 1);
    if (photometric > LAST_PHOTOMETRIC) {
      throw file.invalid("has the colours " + photometric + ", only grey, RGB, palettes are read");
    }
    long samples = one(SAMPLES, 1);
    long colours = photometric == 2 ? 3 : 1;
    long extra = one(EXTRA_SAMPLES, 0);
    if (samples != colours && (samples != colours + 1 || extra < 1 || extra > 2)) {
      throw file.invalid("has " + samples + " samples a pixel, whose meaning it does not say");
    }
    long bits = one(BITS, 1);
    boolean known = bits == 8 || bits == 16 || (samples == 1 && (bits == 1 || bits == 4));
    for (long same : tags.getOrDefault(BITS, new long[0])) {
      known &= same == bits;
    }
    if (!known || one(SAMPLE_FORMAT, 1) != 1) {
      throw file.invalid("has " + bits + " bits a sample in a form that is not read");
    }
  }

  /** The pieces that pixels lie in must be in the file, as many as are needed. */
  private void requirePieces(long width, long height) {
    boolean tiled = tags.containsKey(TILES);
    long[] starts = tags.getOrDefault(tiled ? TILES : STRIPS, new long[0]);
    long[] bytes = tags.getOrDefault(tiled ? TILE_BYTES : STRIP_BYTES, new long[0]);
    long across = tiled ? one(TILE_WIDTH, 0) : width;
    long down = tiled ? one(TILE_HEIGHT, 0) : Math.min(height, one(ROWS_PER_STRIP, height));
    if (across < 1
        || down < 1
        || Math.max(width, height) > DecodeLimits.MAX_SIDE
        || Math.max(across, down) > DecodeLimits.MAX_SIDE
        || across * down > 4 * width * height + TILE_MARGIN) {
      throw file.invalid(
          "has %dx%d pixels in pieces of %dx%d".formatted(width, height, across, down));
    }
    long planes = one(PLANAR, 1) == 2 ? one(SAMPLES, 1) : 1;
    long needed = ceil(width, across) * ceil(height, down) * planes;
    if (starts.length < needed || bytes.length < needed) {
      throw file.invalid("has " + starts.length + " pieces of " + needed);
    }
    boolean plain = one(COMPRESSION, 1) == 1;
    long rowBits = across * one(BITS, 1) * (planes == 1 ? one(SAMPLES, 1) : 1);
    for (int i = 0; i < needed; i++) {
      file.require(starts[i], bytes[i]);
      // The last strip may be shorter.
      long rows = tiled ? down : Math.min(down, height - (i * down) % (ceil(height, down) * down));
      if (plain && bytes[i] < (rowBits + 7) / 8 * rows) {
        throw file.invalid("is truncated: piece " + i + " has " + bytes[i] + " bytes");
      }
    }
  }

  private static long ceil(long whole, long part) {
    return (whole + part - 1) / part;
  }

  private long one(int tag, long otherwise) {
    long[] values = tags.get(tag);
    return values == null || values.length == 0 ? otherwise : values[0];
  }

  private int u16(int at) {
    return little ? file.u16le(at) : file.u16(at);
  }

  private long u32(int at) {
    return little ? file.u32le(at) : file.u32(at);
  }
}
