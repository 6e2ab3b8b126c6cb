package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.onecycle.platform.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** Ways in which archives are compressed: known by their first bytes, or by a zip's number. */
enum Compression {
  NONE(""),
  DEFLATE(""),
  DEFLATE64(""),
  GZIP("\u001f\u008b"),
  BZIP2("BZh"),
  XZ("\u00fd7zXZ\0"),
  ZSTD("(\u00b5/\u00fd");

  /** What xz -9 needs, twice. */
  private static final int MAX_XZ_KIB = 128 << 10;

  private static final int BUFFER = 1 << 16;

  private static final Map<Integer, Compression> IN_ZIPS =
      Map.of(0, NONE, 8, DEFLATE, 9, DEFLATE64, 12, BZIP2, 20, ZSTD, 93, ZSTD, 95, XZ);

  private static final Map<Integer, String> NOT_READ =
      Map.of(1, "shrink", 6, "implode", 14, "LZMA", 96, "JPEG", 97, "WavPack", 98, "PPMd");

  private final String magic;

  /**
   * @param magic how a file begins, in Latin-1; empty where nothing tells
   */
  Compression(String magic) {
    this.magic = magic;
  }

  /** That of a zip's method, or null if it is not read. */
  static @Nullable Compression ofZip(int method) {
    return IN_ZIPS.get(method);
  }

  /** A zip's method as people know it. */
  static String nameInZip(int method) {
    String name = NOT_READ.get(method);
    return name == null ? "" + method : method + " (" + name + ")";
  }

  /** What bytes that start so are compressed by: NONE if by nothing that is known. */
  static Compression of(byte[] start) {
    for (Compression compression : values()) {
      if (!compression.magic.isEmpty() && startsWith(start, compression.magic)) {
        return compression;
      }
    }
    return NONE;
  }

  static boolean startsWith(byte[] bytes, String magic) {
    return new String(bytes, 0, Math.min(bytes.length, magic.length()), ISO_8859_1).equals(magic);
  }

  /**
   * What {@code packed} unpacks to; whatever a decoder throws is an IOException.
   *
   * @throws Failure.Unsupported where this machine cannot load the decoder
   */
  InputStream unpack(InputStream packed) throws IOException {
    try {
      return new Unpacked(decoder(packed));
    } catch (LinkageError e) {
      throw new Failure.Unsupported(
          this + " cannot be unpacked on this machine: " + e.getClass().getSimpleName(),
          "Pack the pictures with gzip.");
    }
  }

  private InputStream decoder(InputStream packed) throws IOException {
    return switch (this) {
      case NONE -> packed;
      case DEFLATE -> new Inflating(packed);
      case DEFLATE64 -> new Deflate64CompressorInputStream(packed);
      case GZIP ->
          GzipCompressorInputStream.builder()
              .setInputStream(packed)
              .setDecompressConcatenated(true)
              .setBufferSize(BUFFER)
              .get();
      case BZIP2 -> new BZip2CompressorInputStream(packed, true);
      case XZ -> new XZInputStream(packed, MAX_XZ_KIB);
      case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
    };
  }

  private static final class Inflating extends InflaterInputStream {
    private Inflating(InputStream packed) {
      super(packed, new Inflater(true), BUFFER);
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }

  /** Decoders answer broken bytes with whatever exception they stumble into. */
  private static final class Unpacked extends FilterInputStream {
    private Unpacked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (Failure | CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new IOException("its compressed bytes make no sense", e);
      }
    }
  }
}
