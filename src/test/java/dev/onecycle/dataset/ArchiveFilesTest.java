package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFilesTest {

  private static final ImportLimits LIMITS = new ImportLimits(1_000, 100_000, 50_000_000, 100);
  private static final byte[] SOME = "some bytes".getBytes(UTF_8);

  @TempDir Path directory;

  private final Map<String, byte[]> pictures = new LinkedHashMap<>();
  private final List<String> folders = new ArrayList<>();
  private long advanced;

  private final PictureFiles.Visitor visitor =
      new PictureFiles.Visitor() {
        @Override
        public void folder(PicturePath path) {
          folders.add(path.toString());
        }

        @Override
        public boolean wants(PicturePath path) {
          return path.isPicture();
        }

        @Override
        public void picture(PicturePath path, byte[] bytes) {
          pictures.put(path.toString(), bytes);
        }

        @Override
        public void advanced(long bytes) {
          advanced += bytes;
        }
      };

  private void visit(byte[] archive, ImportLimits limits) throws IOException {
    Path file = Files.write(directory.resolve("archive"), archive);
    ArchiveFiles.open(file, limits).visit(visitor);
  }

  private void assertRefused(byte[] archive, String because) {
    assertThatThrownBy(() -> visit(archive, LIMITS))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining(because);
    assertThat(directory).isDirectoryContaining("glob:**/archive");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void showsTheFilesOfEveryKindOfArchive() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("./set/train/a/1.JPEG", SOME);
    files.put("set/train/\u00e4 b/" + "x".repeat(150) + ".png", new byte[70_000]);
    files.put("set/readme.txt", SOME);
    byte[] tar = Archives.tar(files);
    for (byte[] archive : List.of(tar, Archives.gzip(tar), Archives.zip(files))) {
      pictures.clear();
      visit(archive, LIMITS);
      assertThat(pictures)
          .containsOnlyKeys("set/train/a/1.JPEG", "set/train/\u00e4 b/" + "x".repeat(150) + ".png")
          .containsEntry("set/train/a/1.JPEG", SOME);
    }
    assertThat(advanced).isPositive();
  }

  @Test
  void showsFoldersAndTheTop() throws IOException {
    visit(
        Archives.tar(
            tar -> {
              for (String folder : List.of("./", "./a/", "./a/b/")) {
                tar.putArchiveEntry(new TarArchiveEntry(folder));
                tar.closeArchiveEntry();
              }
            }),
        LIMITS);
    assertThat(folders).containsExactly("", "a", "a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.jpg",
        "train/../../evil.jpg",
        "train/a/..",
        "/etc/evil.jpg",
        "//host/evil.jpg",
        "C:/evil.jpg",
        "C:\\evil.jpg",
        "..\\evil.jpg",
        "train\\a\\evil.jpg",
        "train/a/ev\nil.jpg",
        "train/a\r/evil.jpg",
        "train/a/ev\u001b[2Jil.jpg",
        "train/a/ev\u202egpj.jpg"
      })
  void refusesNamesThatLeaveTheirDirectoryOrForgeLines(String name) {
    assertRefused(Archives.tar(Map.of(name, SOME)), "the name '");
    assertRefused(Archives.gzip(Archives.tar(Map.of(name, SOME))), "the name '");
    assertRefused(Archives.zip(Map.of(name, SOME)), "the name '");
  }

  @Test
  void refusesANulInAName() {
    assertRefused(Archives.zip(Map.of("train/a/1.jpg\0.txt", SOME)), "control characters");
  }

  @Test
  void takesEncodedNamesAsTheyAre() throws IOException {
    visit(Archives.zip(Map.of("%252e%252e%252fa/1.jpg", SOME)), LIMITS);
    assertThat(pictures).containsOnlyKeys("%252e%252e%252fa/1.jpg");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void refusesLinksAndDevicesInTars(byte kind) {
    boolean link = kind == TarConstants.LF_SYMLINK || kind == TarConstants.LF_LINK;
    assertRefused(
        Archives.tarOf("train/a/1.jpg", kind, "/etc/passwd"), link ? "a link" : "a device");
  }

  @Test
  void refusesLinksAndDevicesInZips() {
    Map<String, byte[]> file = Map.of("train/a/1.jpg", "/etc/passwd".getBytes(UTF_8));
    assertRefused(Archives.zip(UnixStat.LINK_FLAG | 0777, file), "a link");
    assertRefused(Archives.zip(0020000 | 0666, file), "a device");
  }

  @Test
  void refusesBombsByRatioInPicturesAndInWhatIsSkipped() {
    for (String name : List.of("a/1.jpg", "a/1.bin")) {
      byte[] tar =
          Archives.tar(
              out -> {
                for (int i = 0; i < 200; i++) {
                  Archives.add(out, i + name, new byte[90_000]);
                }
              });
      assertRefused(Archives.gzip(tar), "times its own size");
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      files.put("a/" + i + ".jpg", new byte[90_000]);
    }
    assertRefused(Archives.zip(files), "times its own size");
  }

  @Test
  void refusesTooMuchInAllTooLargeAndTooMany() {
    byte[] tar = Archives.tar(Map.of("a/1.jpg", new byte[100_001]));
    assertRefused(tar, "100001 bytes or more in a/1.jpg > maximum 100000");
    assertRefused(Archives.zip(Map.of("a/1.jpg", new byte[100_001])), "100001 bytes or more");

    assertThatThrownBy(() -> visit(tar, new ImportLimits(10, 1_000_000, 50_000, 100)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("unpacked bytes > maximum 50000");

    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 11; i++) {
      many.put("a/" + i + ".jpg", SOME);
    }
    ImportLimits ten = new ImportLimits(10, 1_000, 1_000_000, 100);
    for (byte[] archive : List.of(Archives.tar(many), Archives.zip(many))) {
      assertThatThrownBy(() -> visit(archive, ten))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessageContaining("11 files > maximum 10");
    }
  }

  @Test
  void refusesHeadersThatWouldFillTheMemory() {
    byte[] tar =
        Archives.tar(
            out -> {
              TarArchiveEntry longName =
                  new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
              longName.setSize(5_000_000);
              out.putArchiveEntry(longName);
              out.write(new byte[5_000_000]);
              out.closeArchiveEntry();
              Archives.add(out, "a/1.jpg", SOME);
            });
    assertRefused(tar, "bytes of headers");
    assertRefused(Archives.gzip(tar), "bytes of headers");
  }

  @Test
  void refusesAZipWhoseDirectoryWouldFillTheMemory() throws IOException {
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 12_000; i++) {
      many.put("a/" + "x".repeat(60) + i + ".jpg", new byte[0]);
    }
    Path file = Files.write(directory.resolve("archive"), Archives.zip(many));
    assertThatThrownBy(() -> ZipDirectory.requireBelow(file, 1))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("the zip's directory has");
    ZipDirectory.requireBelow(file, 12_000);
  }

  @Test
  void saysThatAnArchiveIsDamaged() {
    byte[] tar = Archives.tar(Map.of("a/1.jpg", new byte[5_000], "a/2.jpg", new byte[5_000]));
    assertRefused(Arrays.copyOf(tar, 3_000), "damaged");
    byte[] tgz = Archives.gzip(tar);
    assertRefused(Arrays.copyOf(tgz, tgz.length / 2), "damaged");
    byte[] zip = Archives.zip(Map.of("a/1.jpg", SOME));
    assertRefused(Arrays.copyOf(zip, zip.length - 30), "damaged");
  }

  @Test
  void knowsArchivesByTheirBytes() {
    assertThatThrownBy(() -> visit(SOME, LIMITS)).isInstanceOf(Failure.Unsupported.class);
    assertThatThrownBy(() -> visit(new byte[0], LIMITS)).isInstanceOf(Failure.Unsupported.class);
    assertThatThrownBy(() -> visit(new byte[1024], LIMITS)).isInstanceOf(Failure.Unsupported.class);
    byte[] text = new byte[1024];
    Arrays.fill(text, (byte) 'H');
    assertThatThrownBy(() -> visit(text, LIMITS)).isInstanceOf(Failure.Unsupported.class);
    assertRefused(Archives.gzip(SOME), "");
  }
}
