package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.Archives;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFilesTest {

  private static final ImportLimits LIMITS =
      new ImportLimits(1_000, 100_000, 50_000_000, 100, 10_000_000);
  private static final byte[] SOME = "some bytes".getBytes(UTF_8);

  @TempDir Path directory;

  private final Map<String, byte[]> pictures = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
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
          if (path.problem() != null) {
            leftOut(path, path.problem());
          }
          return path.isPicture() && path.problem() == null;
        }

        @Override
        public void picture(PicturePath path, byte[] bytes) {
          pictures.put(path.toString(), bytes);
        }

        @Override
        public void sameAs(PicturePath path, String earlier) {
          leftOut.put(path.toString(), "same as " + earlier);
        }

        @Override
        public void leftOut(PicturePath path, String why) {
          leftOut.put(path.toString(), why);
        }

        @Override
        public void note(String warning) {}

        @Override
        public void advanced(long bytes) {
          advanced += bytes;
        }
      };

  private void visit(byte[] archive, ImportLimits limits) throws IOException {
    Path file = Files.write(directory.resolve("archive"), archive);
    ArchiveFiles.open(file, limits, null).visit(visitor);
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
        "..\\evil.jpg"
      })
  void refusesNamesThatLeaveTheirDirectory(String name) {
    assertRefused(Archives.tar(Map.of(name, SOME)), "the name '");
    assertRefused(Archives.gzip(Archives.tar(Map.of(name, SOME))), "the name '");
    assertRefused(Archives.zip(Map.of(name, SOME)), "the name '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train/a/ev\nil.jpg",
        "train/a\r/evil.jpg",
        "train/a/ev\u001b[2Jil.jpg",
        "train/a/ev\u202egpj.jpg"
      })
  void cleansNamesThatForgeLinesAndSaysThatNothingCanHaveThem(String name) throws IOException {
    String cleaned = name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    for (byte[] archive :
        List.of(Archives.tar(Map.of(name, SOME)), Archives.zip(Map.of(name, SOME)))) {
      leftOut.clear();
      visit(archive, LIMITS);
      assertThat(leftOut).containsExactly(Map.entry(cleaned, "has control characters in its name"));
    }
    assertThat(pictures).isEmpty();
  }

  /** The JDK says DOS, as Windows' own packers do; a tar's backslash may be part of a name. */
  @Test
  void takesBackslashesAsSeparatorsWhereAZipSaysThatItIsFromDos() throws IOException {
    visit(Archives.zip(Map.of("train\\a\\1.jpg", SOME)), LIMITS);
    assertThat(pictures).containsOnlyKeys("train/a/1.jpg");
    byte[] unix = Archives.zip(Map.of("train\\a\\1.jpg", SOME));
    unix[Archives.central(unix) + 5] = 3;
    for (byte[] archive : List.of(unix, Archives.tar(Map.of("train\\a\\1.jpg", SOME)))) {
      leftOut.clear();
      visit(archive, LIMITS);
      assertThat(leftOut)
          .containsExactly(Map.entry("train\\a\\1.jpg", "has a backslash in its name"));
    }
  }

  @Test
  void aNulInANameCostsThatFile() throws IOException {
    visit(Archives.zip(Map.of("train/a/1.jpg\0.txt", SOME, "train/a/2.jpg", SOME)), LIMITS);
    assertThat(leftOut).containsOnlyKeys("train/a/1.jpg?.txt");
    assertThat(pictures).containsOnlyKeys("train/a/2.jpg");
  }

  @Test
  void takesEncodedNamesAsTheyAre() throws IOException {
    visit(Archives.zip(Map.of("%252e%252e%252fa/1.jpg", SOME)), LIMITS);
    assertThat(pictures).containsOnlyKeys("%252e%252e%252fa/1.jpg");
  }

  @ParameterizedTest
  @CsvSource({"1,same as /etc/passwd", "2,is a link", "3,device", "4,device", "6,device"})
  void leavesOutLinksAndDevicesInTars(char kind, String because) throws IOException {
    visit(Archives.tarOf("train/a/1.jpg", (byte) kind, "/etc/passwd"), LIMITS);
    assertThat(pictures).isEmpty();
    assertThat(leftOut.get("train/a/1.jpg")).contains(because);
  }

  @Test
  void leavesOutLinksAndDevicesInZips() throws IOException {
    Map<String, byte[]> file = Map.of("train/a/1.jpg", "/etc/passwd".getBytes(UTF_8));
    visit(Archives.zip(UnixStat.LINK_FLAG | 0777, file), LIMITS);
    assertThat(leftOut.get("train/a/1.jpg")).isEqualTo("is a link");
    visit(Archives.zip(0020000 | 0666, file), LIMITS);
    assertThat(leftOut.get("train/a/1.jpg")).contains("a device");
    assertThat(pictures).isEmpty();
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

    assertThatThrownBy(() -> visit(tar, new ImportLimits(10, 1_000_000, 50_000, 100, 50_000)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("unpacked bytes > maximum 50000");

    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 11; i++) {
      many.put("a/" + i + ".jpg", SOME);
    }
    ImportLimits ten = new ImportLimits(10, 1_000, 1_000_000, 100, 1_000_000);
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
  void refusesAZipWhoseDirectoryWouldFillTheMemory() {
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 12_000; i++) {
      many.put("a/" + "x".repeat(60) + i + ".txt", new byte[0]);
    }
    byte[] zip = Archives.zip(many);
    assertThatThrownBy(() -> visit(zip, new ImportLimits(1, 1, 1, 1, 1)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("the zip's directory has");
    assertThatCode(() -> visit(zip, new ImportLimits(12_000, 1, 1, 1, 1)))
        .doesNotThrowAnyException();
  }

  @Test
  void readsEveryCompressionOfTarsAndZips() throws IOException {
    byte[] tar = Archives.tar(Map.of("a/1.jpg", SOME));
    for (String format : List.of("bzip2", "xz", "zstd", "gz")) {
      pictures.clear();
      visit(Archives.compressed(format, tar), LIMITS);
      assertThat(pictures).as(format).containsOnlyKeys("a/1.jpg").containsEntry("a/1.jpg", SOME);
    }
    for (ZipMethod method :
        List.of(ZipMethod.STORED, ZipMethod.BZIP2, ZipMethod.XZ, ZipMethod.ZSTD)) {
      pictures.clear();
      visit(Archives.zip(method, Map.of("a/1.jpg", SOME)), LIMITS);
      assertThat(pictures)
          .as("" + method)
          .containsOnlyKeys("a/1.jpg")
          .containsEntry("a/1.jpg", SOME);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1 (shrink)", "14,14 (LZMA)", "98,98 (PPMd)", "99,99", "65535,65535"})
  void leavesOutAMemberOfAnotherMethodByItsName(int method, String named) throws IOException {
    byte[] zip = Archives.zip(Map.of("a/1.jpg", SOME));
    int central = Archives.central(zip);
    zip[central + 10] = (byte) method;
    zip[central + 11] = (byte) (method >> 8);
    visit(zip, LIMITS);
    assertThat(leftOut)
        .containsExactly(
            Map.entry("a/1.jpg", "is packed by method " + named + ", which is not read"));
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 20, 93, 95})
  void aMethodThatTheBytesAreNotOfIsDamage(int method) {
    byte[] zip = Archives.zip(Map.of("a/1.jpg", SOME));
    zip[Archives.central(zip) + 10] = (byte) method;
    assertRefused(zip, "damaged");
  }

  @Test
  void leavesOutWhatIsEncrypted() throws IOException {
    byte[] zip = Archives.zip(Map.of("a/1.jpg", SOME));
    zip[Archives.central(zip) + 8] |= 1;
    visit(zip, LIMITS);
    assertThat(leftOut).containsExactly(Map.entry("a/1.jpg", "is encrypted"));
  }

  @Test
  void readsManyMembersOfGzipOneOfThemTheTar() throws IOException {
    byte[] empty = Archives.gzip(new byte[0]);
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      members.write(empty);
    }
    members.write(Archives.gzip(Archives.tar(Map.of("a/1.jpg", SOME))));
    visit(members.toByteArray(), LIMITS);
    assertThat(pictures).containsOnlyKeys("a/1.jpg");
  }

  @Test
  void refusesBytesThatUnpackToNothing() {
    byte[] named = new byte[18 << 20];
    Arrays.fill(named, (byte) 'x');
    System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, named, 0, 10);
    assertRefused(named, "unpack to nothing");
  }

  /** A reader that merges extra fields one by one needs minutes for this. */
  @Test
  @Timeout(60)
  void readsADirectoryOfManyExtraFields() throws IOException {
    byte[] extra = new byte[64_000];
    for (int i = 0; i < extra.length; i += 4) {
      extra[i] = (byte) i;
      extra[i + 1] = (byte) (i >> 8 | 0x80);
    }
    visit(Archives.zipWithExtra(extra, 200), new ImportLimits(100_000, 100, 1_000, 100, 1_000));
    assertThat(pictures).hasSize(200);
  }

  @Test
  void readsWhatOtherTarsWrite() throws IOException {
    visit(
        Archives.tar(
            tar -> {
              tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
              tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
              tar.setAddPaxHeadersForNonAsciiNames(true);
              Archives.add(tar, "a/" + "\u00e4".repeat(90) + "/" + "x".repeat(99) + ".jpg", SOME);
              TarArchiveEntry global =
                  new TarArchiveEntry("pax", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
              global.addPaxHeader("comment", "1234abcd");
              tar.putArchiveEntry(global);
              Archives.add(tar, "a/1.jpg", SOME);
            }),
        LIMITS);
    assertThat(pictures)
        .containsOnlyKeys("a/" + "\u00e4".repeat(90) + "/" + "x".repeat(99) + ".jpg", "a/1.jpg");
  }

  @Test
  void leavesOutSparseFilesAndReadsWhatFollows() throws IOException {
    byte[] tar =
        Archives.tar(
            out -> {
              TarArchiveEntry sparse = new TarArchiveEntry("a/1.jpg", true);
              sparse.addPaxHeader("GNU.sparse.major", "1");
              sparse.addPaxHeader("GNU.sparse.minor", "0");
              sparse.addPaxHeader("GNU.sparse.name", "a/real.jpg");
              sparse.setSize(SOME.length);
              out.putArchiveEntry(sparse);
              out.write(SOME);
              out.closeArchiveEntry();
              Archives.add(out, "a/2.jpg", SOME);
            });
    visit(tar, LIMITS);
    assertThat(leftOut.get("a/real.jpg")).contains("sparse");
    assertThat(pictures).containsOnlyKeys("a/2.jpg");
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
