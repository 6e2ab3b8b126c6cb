package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainZipTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameIt() {
    file = directory.resolve("a.zip");
  }

  private static String text(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private String last(String name) throws IOException {
    try (InputStream in = LastMember.open(file, name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** 65,536 members and more need the end of a zip64. */
  @Test
  void moreMembersThanAnOldZipCounts() throws IOException {
    try (PlainZip zip = new PlainZip(file)) {
      for (int i = 0; i < 70_000; i++) {
        zip.add("é/" + i, new byte[] {(byte) i});
      }
      zip.add("last", out -> out.write("of all".getBytes(UTF_8)));
      zip.finish();
    }
    assertThat(directory).isDirectoryNotContaining("glob:**.directory");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(70_001);
      assertThat(text(zip, "é/65")).isEqualTo("A");
      assertThat(text(zip, "last")).isEqualTo("of all");
    }
    assertThat(last("last")).isEqualTo("of all");
  }

  @Test
  void membersBeyondFourGigabytesAreFound() throws IOException {
    byte[] near = "near".getBytes(UTF_8);
    byte[] far = "far".getBytes(UTF_8);
    try (PlainZip zip = new PlainZip(file)) {
      assertThat(zip.read(zip.add("near", near), near.length)).isEqualTo(near);
      zip.skip(5L << 30);
      assertThat(zip.read(zip.add("far", far), far.length)).isEqualTo(far);
      zip.add("last", out -> out.write('!'));
      zip.finish();
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(text(zip, "near")).isEqualTo("near");
      assertThat(text(zip, "far")).isEqualTo("far");
      assertThat(text(zip, "last")).isEqualTo("!");
    }
    assertThat(last("last")).isEqualTo("!");
  }

  @Test
  void whatIsNoSuchZipIsToldApart() throws IOException {
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> last("last")).isInstanceOf(IOException.class);
    Files.write(file, new byte[5_000]);
    assertThatThrownBy(() -> last("last")).hasMessage("it has no end");
    try (PlainZip zip = new PlainZip(file)) {
      zip.add("other", new byte[1]);
      zip.finish();
    }
    assertThatThrownBy(() -> last("last")).hasMessage("it has no last");
  }
}
