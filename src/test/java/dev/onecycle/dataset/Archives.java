package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** Small archives and pictures for tests, harmless and hostile. */
public final class Archives {

  /** Something that writes. */
  @FunctionalInterface
  public interface Writing<T> {
    void to(T out) throws IOException;
  }

  private Archives() {}

  /** A picture of one colour with one brighter corner, as PNG. */
  public static byte[] png(int rgb) {
    BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
    var canvas = image.createGraphics();
    canvas.setColor(new Color(rgb));
    canvas.fillRect(0, 0, 24, 16);
    canvas.setColor(Color.WHITE);
    canvas.fillRect(rgb % 16, rgb % 8, 8, 8);
    canvas.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  public static byte[] tar(Map<String, byte[]> files) {
    return tar(out -> addAll(out, files));
  }

  public static byte[] tar(Writing<TarArchiveOutputStream> writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      writing.to(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void addAll(TarArchiveOutputStream tar, Map<String, byte[]> files)
      throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      add(tar, file.getKey(), file.getValue());
    }
  }

  public static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** An entry of another kind than a file, such as {@code TarConstants.LF_SYMLINK}. */
  public static byte[] tarOf(String name, byte kind, String target) {
    return tar(
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
          entry.setLinkName(target);
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        });
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip by the JDK, which takes any name as it is. */
  public static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip whose entries have that Unix mode. */
  public static byte[] zip(int unixMode, Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
        entry.setUnixMode(unixMode);
        zip.putArchiveEntry(entry);
        zip.write(file.getValue());
        zip.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The bytes as one of commons-compress' formats, such as {@code bzip2}. */
  public static byte[] compressed(String format, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new CompressorStreamFactory().createCompressorOutputStream(format, bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip whose entries are packed by that method. */
  public static byte[] zip(ZipMethod method, Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] packed = packed(method, file.getValue());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
        entry.setMethod(method.getCode());
        entry.setSize(file.getValue().length);
        entry.setCompressedSize(packed.length);
        entry.setCrc(crc.getValue());
        zip.addRawArchiveEntry(entry, new ByteArrayInputStream(packed));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] packed(ZipMethod method, byte[] content) {
    return switch (method) {
      case BZIP2 -> compressed("bzip2", content);
      case XZ -> compressed("xz", content);
      case ZSTD -> compressed("zstd", content);
      default -> content;
    };
  }

  /** A zip of so many empty files, each with these extra fields in the directory. */
  public static byte[] zipWithExtra(byte[] extra, int files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < files; i++) {
        ZipEntry entry = new ZipEntry("a/" + i + ".jpg");
        entry.setExtra(extra);
        zip.putNextEntry(entry);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Where the first member of a zip's directory begins. */
  public static int central(byte[] zip) {
    int at = 0;
    while (zip[at] != 'P' || zip[at + 1] != 'K' || zip[at + 2] != 1 || zip[at + 3] != 2) {
      at++;
    }
    return at;
  }
}
