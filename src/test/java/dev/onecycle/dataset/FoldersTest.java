package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.PackPreview;
import dev.onecycle.dataset.pixels.PackRereading;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.GroupRule;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Folders as people have them, each understood as its owner would. */
class FoldersTest {

  private static final SplitSpec FOLDERS = SplitSpec.by("folders");
  private static final SplitSpec RANDOM = SplitSpec.by("random");

  @TempDir Path work;

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private int drawn;

  private DatasetProperties properties() {
    return new DatasetProperties(
        List.of(work),
        DataSize.ofMegabytes(100),
        DataSize.ofMegabytes(100),
        DataSize.ofMegabytes(10),
        10_000,
        200,
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        1,
        1,
        1_000_000,
        DataSize.ofMegabytes(1));
  }

  private SourcePacker packer() {
    return new SourcePacker(properties(), null, new DiskSpace(0));
  }

  private byte[] picture() {
    return Archives.png(0x10203 * ++drawn);
  }

  /** Puts so many pictures into a folder. */
  private void put(String folder, int count) {
    for (int i = 0; i < count; i++) {
      files.put(folder + "/" + i + ".png", picture());
    }
  }

  private PackSummary imported(byte[] archive, ImportSpec spec) throws IOException {
    Path upload = Files.write(work.resolve("upload"), archive);
    SourcePacker.Sent sent = new SourcePacker.Sent(upload, null);
    return packer()
        .pack(Source.upload("a"), sent, spec, work.resolve("pack"), new ImportProgress())
        .summary();
  }

  private PackSummary imported(SplitSpec split) throws IOException {
    return imported(Archives.gzip(Archives.tar(files)), new ImportSpec(split, null, null));
  }

  private PackSummary imported(Object labels) throws IOException {
    return imported(
        Archives.gzip(Archives.tar(files)), new ImportSpec(null, LabelRule.of(labels), null));
  }

  private static String counts(PackSummary summary) {
    return summary.labels().stream().map(FoldersTest::count).collect(Collectors.joining(" "));
  }

  private static String count(LabelCount label) {
    String test = label.test() == null ? "" : "/" + label.test();
    return label.name() + ":" + label.train() + "/" + label.valid() + test;
  }

  private static String names(PackSummary summary) {
    return summary.labels().stream().map(LabelCount::name).collect(Collectors.joining(" "));
  }

  private static String warnings(PackSummary summary) {
    return String.join("\n", summary.layout().warnings());
  }

  private static String ignored(PackSummary summary) {
    return summary.layout().ignored().stream()
        .map(one -> one.files() + " " + one.why())
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "val", "test"})
  void aClassMayBeCalledLikeAPart(String name) throws IOException {
    for (String label : List.of("bus", "car", name)) {
      put("train/" + label, 8);
      put("val/" + label, 2);
    }
    assertThat(counts(imported(FOLDERS)))
        .contains("bus:8/2", "car:8/2", name + ":8/2")
        .hasSize("bus:8/2 car:8/2 :8/2".length() + name.length());
  }

  @ParameterizedTest
  @CsvSource({"invalid unclear valid", "plane bus train", "sports testing training"})
  void topFoldersAreClassesThoughSomeAreCalledLikeParts(String labels) throws IOException {
    Arrays.stream(labels.split(" ", -1)).forEach(label -> put("set/" + label, 10));
    PackSummary summary = imported(RANDOM);
    assertThat(names(summary).split(" ")).containsExactlyInAnyOrder(labels.split(" ", -1));
    assertThat(summary.layout().parts()).isEmpty();
  }

  @Test
  void picturesInAPartWithoutAFolderAreLeftOutAloud() throws IOException {
    for (String label : List.of("3", "7")) {
      put("mnist_tiny/train/" + label, 8);
      put("mnist_tiny/valid/" + label, 2);
    }
    put("mnist_tiny/test", 5);
    PackSummary summary = imported((SplitSpec) null);
    assertThat(counts(summary)).isEqualTo("3:8/2 7:8/2");
    assertThat(warnings(summary))
        .contains("5 pictures are in no class folder and left out: mnist_tiny/test/0.png");
    assertThat(summary.audit().unlabelled().count()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "train,test,true",
    "Training,Validation,false",
    "training_set,test_set,true",
    "TRAIN,dev,false",
    "train2017,val2017,false"
  })
  void theOtherPartValidates(String train, String valid, boolean said) throws IOException {
    for (String label : List.of("cat", "dog")) {
      put(train + "/" + label, 4);
      put(valid + "/" + label, 2);
    }
    PackSummary summary = imported((SplitSpec) null);
    assertThat(counts(summary)).isEqualTo("cat:4/2 dog:4/2");
    assertThat(warnings(summary).contains("test validates")).isEqualTo(said);
  }

  @Test
  void testIsKeptApartWhereSomethingElseValidatesOrAtRandom() throws IOException {
    for (String label : List.of("cat", "dog")) {
      put("train/" + label, 4);
      put("val/" + label, 2);
      put("test/" + label, 3);
    }
    PackSummary summary = imported((SplitSpec) null);
    assertThat(counts(summary)).isEqualTo("cat:4/2/3 dog:4/2/3");
    assertThat(warnings(summary)).contains("kept apart: evaluate on them with split test");
    PackSummary drawnAtRandom = imported(RANDOM);
    assertThat(drawnAtRandom.labels()).allSatisfy(label -> assertThat(label.test()).isEqualTo(3));
    files.keySet().removeIf(name -> name.startsWith("val"));
    assertThat(imported(RANDOM).labels())
        .allSatisfy(label -> assertThat(label.test()).isEqualTo(3));
  }

  @Test
  void partsWithinClassesAreParts() throws IOException {
    for (String label : List.of("cat", "dog")) {
      put("set/" + label + "/train", 4);
      put("set/" + label + "/test", 2);
    }
    assertThat(counts(imported((SplitSpec) null))).isEqualTo("cat:4/2 dog:4/2");
  }

  @Test
  void oneLabelInTwoFormsOfUnicodeIsOne() throws IOException {
    for (String label : List.of("Br\u00f6tchen", "Cr\u00e8me", "plain")) {
      put("train/" + label, 8);
      put("val/" + Normalizer.normalize(label, Normalizer.Form.NFD), 2);
    }
    assertThat(counts(imported((SplitSpec) null)))
        .isEqualTo("Br\u00f6tchen:8/2 Cr\u00e8me:8/2 plain:8/2");
  }

  /** A zip whose names are in {@code encoding} and do not say so. */
  private byte[] zip(String encoding, boolean dos) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      zip.setEncoding(encoding);
      zip.setUseLanguageEncodingFlag(false);
      zip.setCreateUnicodeExtraFields(ZipArchiveOutputStream.UnicodeExtraFieldPolicy.NEVER);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
        if (!dos) {
          entry.setUnixMode(0100644);
        }
        zip.putArchiveEntry(entry);
        zip.write(file.getValue());
        zip.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private byte[] tar(String encoding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, encoding)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Archives.add(tar, file.getKey(), file.getValue());
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "IBM437,\u00c4pfel,\u00d6pfel",
    "IBM850,gr\u00fcn,S\u00e3o",
    "ISO-8859-1,\u00c9t\u00e9,gar\u00e7on",
    "windows-31j,\u72ac,\u306d\u3053",
    "GBK,\u82f9\u679c,\u9999\u8549"
  })
  void namesInLegacyEncodingsAreReadAndSaid(String encoding, String a, String b)
      throws IOException {
    for (String label : List.of(a, b, "plain")) {
      put("train/" + label, 4);
      put("val/" + label, 2);
    }
    PackSummary found = imported(zip(encoding, true), ImportSpec.byDefault());
    assertThat(names(found).split(" ")).containsExactlyInAnyOrder(a, b, "plain");
    assertThat(warnings(found)).contains("are not UTF-8 and were read as " + encoding);

    PackSummary asked = imported(tar(encoding), new ImportSpec(null, null, encoding));
    assertThat(names(asked).split(" ")).containsExactlyInAnyOrder(a, b, "plain");
    assertThat(warnings(asked)).isEmpty();
  }

  @Test
  void namesInATarAreFoundOutToo() throws IOException {
    put("cat\u00e9", 4);
    put("gar\u00e7on", 4);
    PackSummary summary = imported(tar("ISO-8859-1"), ImportSpec.byDefault());
    assertThat(names(summary)).isEqualTo("cat\u00e9 gar\u00e7on");
    assertThat(warnings(summary)).contains("8 names are not UTF-8 and were read as ISO-8859-1");

    LabelRule pattern = LabelRule.of(Map.of("pattern", "^(?<label>[01]).*"));
    PackRereading again =
        PackRereading.of(
            work.resolve("pack"),
            null,
            Map.of(),
            pattern,
            SplitSpec.byDefault(),
            summary.audit(),
            summary.layout());
    assertThat(names(again.summary())).isEqualTo("0 1");
    assertThat(warnings(again.summary()))
        .contains("8 names are not UTF-8 and were read as ISO-8859-1");
  }

  @Test
  void refusesAnEncodingThatIsNone() {
    assertThatThrownBy(() -> new ImportSpec(null, null, "utf-9"))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("nameEncoding");
  }

  @Test
  void aNameThatIsNoTextCostsThatFile() throws IOException {
    put("cat", 3);
    put("dog", 3);
    files.put("dog/\u00ff.png", picture());
    PackSummary summary = imported(zip("ISO-8859-1", true), new ImportSpec(null, null, "UTF-8"));
    assertThat(summary.audit().unreadable().items())
        .singleElement()
        .satisfies(one -> assertThat(one.path()).isEqualTo("dog/%FF.png"));
  }

  @Test
  void theTopIsNoEmptyFolder() throws IOException {
    put("./cat", 2);
    put("./dog", 2);
    byte[] tar =
        Archives.tar(
            out -> {
              out.putArchiveEntry(new TarArchiveEntry("./"));
              out.closeArchiveEntry();
              for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Archives.add(out, file.getKey(), file.getValue());
              }
            });
    assertThat(imported(tar, ImportSpec.byDefault()).audit().emptyFolders().count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".venv/bin/python",
        "__MACOSX/cat/._1.png",
        "train/cat/@eaDir/1.png/SYNO_M.jpg",
        "#recycle/old/1.png",
        "lost+found/1.png",
        "train/Thumbs.db",
        "desktop.ini",
        "train/cat/Icon\r",
        "$RECYCLE.BIN/a/1.png",
        ".git/objects/aa/\u202e.png"
      })
  void whatASystemLeftNeverMatters(String name) throws IOException {
    for (String label : List.of("cat", "dog")) {
      put("train/" + label, 4);
      put("val/" + label, 2);
    }
    byte[] tar =
        Archives.tar(
            out -> {
              Archives.add(out, name, picture());
              TarArchiveEntry link = new TarArchiveEntry(name + ".link", TarConstants.LF_SYMLINK);
              link.setLinkName("/etc/passwd");
              if (!name.endsWith("\r") && !name.endsWith(".db") && !name.endsWith(".ini")) {
                out.putArchiveEntry(link);
                out.closeArchiveEntry();
              }
              for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Archives.add(out, file.getKey(), file.getValue());
              }
            });
    PackSummary summary = imported(tar, ImportSpec.byDefault());
    assertThat(counts(summary)).isEqualTo("cat:4/2 dog:4/2");
    assertThat(summary.audit().unreadable().count()).isZero();
    assertThat(ignored(summary)).contains("hidden or a system's own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u200e1.png", "a\u0007.png", "back\\slash.png"})
  void oneOddNameCostsThatFile(String name) throws IOException {
    put("train/cat", 4);
    put("train/dog", 4);
    put("val/cat", 2);
    put("val/dog", 2);
    files.put("train/cat/" + name, picture());
    PackSummary summary = imported(FOLDERS);
    assertThat(counts(summary)).isEqualTo("cat:4/2 dog:4/2");
    assertThat(summary.audit().unreadable().count()).isEqualTo(1);
  }

  @Test
  void aNameThatIsTooLongCostsThatFile() throws IOException {
    put("cat", 4);
    put("dog", 4);
    files.put("cat/" + "x".repeat(1_000) + ".png", picture());
    assertThat(imported(RANDOM).audit().unreadable().items().get(0).reason())
        .isEqualTo("has a name of 1008 characters > maximum 1000");
  }

  @ParameterizedTest
  @CsvSource({"2021,2022,years", "01,02,numbers", "front,back,the same folders"})
  void classesBelowOtherFoldersAreDoubted(String a, String b, String doubt) throws IOException {
    for (String label : List.of("cat", "dog")) {
      for (String inner : List.of(a, b)) {
        put("train/" + label + "/" + inner, 4);
        put("val/" + label + "/" + inner, 2);
      }
    }
    PackSummary parent = imported(FOLDERS);
    assertThat(names(parent).split(" ")).containsExactlyInAnyOrder(a, b);
    assertThat(warnings(parent)).contains("look like " + doubt + " below 'cat', 'dog'");
    assertThat(warnings(parent)).contains("add labels: \"first-folder\"");

    PackSummary first = imported("first-folder");
    assertThat(counts(first)).isEqualTo("cat:8/4 dog:8/4");
    assertThat(warnings(first)).isEmpty();
  }

  @Test
  void ofAMemberThatIsThereTwiceTheLaterCountsAndItIsSaid() throws IOException {
    put("cat", 2);
    put("dog", 2);
    byte[] tar =
        Archives.tar(
            out -> {
              for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Archives.add(out, file.getKey(), file.getValue());
              }
              Archives.add(out, "cat/0.png", picture());
            });
    PackSummary summary = imported(tar, ImportSpec.byDefault());
    assertThat(summary.pictures()).isEqualTo(4);
    assertThat(summary.audit().remarks().items().get(0).text()).contains("twice");
  }

  @Test
  void aClassOfWhichNothingCanBeReadIsNamedAsLost() throws IOException {
    put("cat", 2);
    put("dog", 2);
    files.put("bird/1.heic", "no picture".getBytes(UTF_8));
    files.put("bird/2.png", "no picture".getBytes(UTF_8));
    assertThat(warnings(imported((SplitSpec) null)))
        .contains("the class 'bird' is lost: none of its 2 pictures could be read");
  }

  @Test
  void aPartWithPortablePixmapsIsRead() throws IOException {
    put("cat", 2);
    put("dog", 2);
    for (int i = 0; i < 3; i++) {
      byte[] pixels = new byte[12];
      Arrays.fill(pixels, (byte) (40 * i));
      ByteArrayOutputStream ppm = new ByteArrayOutputStream();
      ppm.writeBytes("P6\n2 2\n255\n".getBytes(UTF_8));
      ppm.writeBytes(pixels);
      files.put("bird/" + i + ".ppm", ppm.toByteArray());
    }
    assertThat(names(imported((SplitSpec) null))).isEqualTo("bird cat dog");
  }

  @Test
  void backslashesSeparateWhereAZipIsFromDosInAnyEncoding() throws IOException {
    for (String label : List.of("\u8868", "dog")) {
      for (int i = 0; i < 2; i++) {
        files.put("train\\" + label + "\\" + i + ".png", picture());
        files.put("val\\" + label + "\\" + i + ".png", picture());
      }
    }
    assertThat(counts(imported(zip("windows-31j", true), ImportSpec.byDefault())))
        .isEqualTo("dog:2/2 \u8868:2/2");
  }

  @Test
  void xzIsRead() throws IOException {
    put("cat", 2);
    put("dog", 2);
    byte[] xz = Archives.compressed("xz", Archives.tar(files));
    assertThat(names(imported(xz, ImportSpec.byDefault()))).isEqualTo("cat dog");
  }

  @Test
  void blankBitmapsAreNoBomb() throws IOException {
    for (int i = 0; i < 4; i++) {
      byte[] bmp = new byte[54 + 3 * 600 * 600];
      System.arraycopy(bitmapHeader(600, bmp.length), 0, bmp, 0, 54);
      Arrays.fill(bmp, 54, bmp.length, (byte) (i * 60));
      files.put((i % 2 == 0 ? "clear/" : "dark/") + i + ".bmp", bmp);
    }
    assertThat(imported(RANDOM).pictures()).isEqualTo(4);
  }

  private static byte[] bitmapHeader(int side, int size) {
    return ByteBuffer.allocate(54)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'B')
        .put((byte) 'M')
        .putInt(size)
        .putInt(0)
        .putInt(54)
        .putInt(40)
        .putInt(side)
        .putInt(side)
        .putShort((short) 1)
        .putShort((short) 24)
        .array();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\u00a0\u2003", "   "})
  void aBlankLabelIsRefusedAtImport(String blank) {
    put("train/cat", 3);
    put("train/" + blank, 3);
    assertThatThrownBy(() -> imported(RANDOM))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("all 3 pictures have the same label 'cat'")
        .hasMessageContaining("their label is blank");
  }

  @ParameterizedTest
  @CsvSource({"Cat,cat", "cat\u00a0a,cat a", "cat,cat\ufe0f"})
  void labelsThatLookAlikeAreDoubted(String a, String b) throws IOException {
    put(a, 3);
    put(b, 3);
    assertThat(warnings(imported(RANDOM))).contains("differ in capitals, spaces or invisible");
  }

  @Test
  void ofSmallClassesEachHasOneToValidate() throws IOException {
    for (int i = 10; i < 30; i++) {
      put("c" + i, 5);
    }
    assertThat(imported(Archives.tar(files), ImportSpec.byDefault()).labels())
        .hasSize(20)
        .allSatisfy(label -> assertThat(count(label)).endsWith(":4/1"));
  }

  @Test
  void aPictureAClassIsDoubted() throws IOException {
    for (int i = 0; i < 5; i++) {
      put("a" + i, 1);
    }
    assertThat(warnings(imported(RANDOM))).contains("5 of 5 labels have a single picture");
  }

  @Test
  void aPatternGivesLabels() throws IOException {
    for (int i = 0; i < 3; i++) {
      files.put("images/great_pyrenees_" + i + ".png", picture());
      files.put("images/Sphynx_" + i + ".png", picture());
    }
    files.put("images/odd.png", picture());
    PackSummary summary = imported(Map.of("pattern", "^(?P<label>.+)_\\d+\\.png$"));
    assertThat(names(summary)).isEqualTo("Sphynx great_pyrenees");
    assertThat(warnings(summary))
        .contains("1 picture is not matched by the pattern and left out: images/odd.png");
    assertThatThrownBy(() -> imported((SplitSpec) null))
        .hasMessageContaining("the same label 'images'");
  }

  @Test
  void aPatternThatLooksForeverMatchesNothing() {
    files.put("a/" + "a".repeat(200) + "!.png", picture());
    assertThatThrownBy(() -> imported(Map.of("pattern", "^(a+)+$")))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("1 are not matched by the pattern");
  }

  @Test
  void aSlowPatternIsGivenUpForManyNamesSoonerThanForFew() {
    PackPreview preview = new PackPreview(LabelRule.of(Map.of("pattern", "^(a+)+_|^([a-z]+)-")));
    for (int i = 0; i < 100_000; i++) {
      preview.add(PicturePath.of("x/" + "a".repeat(60) + i + ".png"));
    }
    long begun = System.nanoTime();
    assertThat(preview.finish(RANDOM).pictures()).isZero();
    assertThat((System.nanoTime() - begun) / 1e9).isLessThan(60);
  }

  private PackSummary grouped(String pattern) throws IOException {
    SplitSpec split = new SplitSpec(null, 0.25, 1L, true, new GroupRule(pattern));
    return imported(split);
  }

  @Test
  void groupsStayTogetherAndWhatIsInNoneIsSaid() throws IOException {
    for (int i = 0; i < 24; i++) {
      String label = i % 2 == 0 ? "benign" : "malignant";
      // The same patient in both forms of Unicode is one.
      String patient = "pat\u00e9" + i / 4;
      String form = i % 3 == 0 ? Normalizer.normalize(patient, Normalizer.Form.NFD) : patient;
      files.put("scans/" + label + "/" + form + "-" + i + ".png", picture());
    }
    files.put("scans/benign/unknown.png", picture());
    PackSummary summary = grouped("^(?P<group>pat.+)-");
    Layout.FoundGroups found = summary.layout().groups();
    assertThat(found.first())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 6).mapToObj(i -> "pat\u00e9" + i).toList());
    assertThat(found.count()).isEqualTo(7);
    assertThat(found.unnamed()).isEqualTo(1);
    assertThat(warnings(summary))
        .contains(
            "1 picture is not matched by the pattern of groups, and is a group of its own: "
                + "scans/benign/unknown.png");
    try (DatasetSnapshot dataset =
        new DatasetSnapshot(
            PackedPictures.open(work.resolve("pack")), summary.split(), summary.statistics())) {
      assertThat(patients(dataset, dataset.split().train()))
          .doesNotContainAnyElementsOf(patients(dataset, dataset.split().valid()));
      assertThat(dataset.split().valid().length).isBetween(4, 8);
    }
    assertThatThrownBy(() -> grouped("(scans/)"))
        .hasMessage("all 25 pictures are of one group, so that none can validate");
  }

  private static Set<String> patients(DatasetSnapshot dataset, int[] pictures) {
    return Arrays.stream(pictures)
        .mapToObj(i -> dataset.all().index().get(i).path())
        .map(path -> Normalizer.normalize(path, Normalizer.Form.NFC))
        .map(path -> path.substring(path.lastIndexOf('/') + 1).replaceAll("-.*", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void aTableGivesLabelsAndParts() throws IOException {
    put("images", 6);
    files.put(
        "labels.csv",
        """
        \ufeffimage_id;"breed";split\r
        0;"pug; small";train\r
        1.png;husky;train\r
        images/2.png;husky;train\r
        3;husky;test\r
        4;"pug; small";test\r
        9;pug;test\r
        """
            .getBytes(UTF_8));
    PackSummary summary =
        imported(
            Map.of("csv", "labels.csv", "file", "image_id", "label", "breed", "part", "split"));
    assertThat(counts(summary)).isEqualTo("husky:2/1 pug; small:1/1");
    assertThat(warnings(summary))
        .contains("1 row of labels.csv has no picture: '9'")
        .contains("1 picture is without a row in labels.csv and left out: images/5.png")
        .contains("test validates");
    Layout.FoundLabels labels = summary.layout().labels();
    assertThat(labels.from()).isEqualTo(LabelRule.From.CSV);
    assertThat(labels.label()).isEqualTo("breed");
    assertThatThrownBy(() -> imported(Map.of("csv", "labels.csv", "label", "bread")))
        .hasMessageContaining("no column 'bread', only image_id, breed, split");
    assertThatThrownBy(() -> imported(Map.of("csv", "train.csv")))
        .hasMessageContaining("there are labels.csv");
  }

  @Test
  void aTableIsForThePartThatItIsNamedAfter() throws IOException {
    put("train", 4);
    put("test", 4);
    files.put("trainLabels.csv", "id,label\n0,a\n1,a\n2,b\n3,b\n".getBytes(UTF_8));
    PackSummary summary = imported(Map.of("csv", "trainLabels.csv"));
    assertThat(names(summary)).isEqualTo("a b");
    assertThat(summary.pictures()).isEqualTo(4);
    assertThat(warnings(summary)).contains("left out: test/0.png");
  }

  @Test
  void withoutLabelsItSaysWhichWordToAdd() {
    put("train", 2);
    put("test", 2);
    files.put("meta/labels.tsv", "file\tlabel\n0.png\ta\n".getBytes(UTF_8));
    assertThatThrownBy(() -> imported((SplitSpec) null))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            e ->
                assertThat(e.fix())
                    .isEqualTo(
                        "Add labels: {\"csv\": \"meta/labels.tsv\"}, a table with the columns"
                            + " file, label."));
  }

  @Test
  void aLookSaysTheSameAndKeepsNothing() throws IOException {
    put("pictures/train/cat", 2);
    put("pictures/train/dog", 2);
    put("pictures/test/cat", 1);
    put("pictures/test/dog", 1);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = work.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Source source =
        new Source(Source.Type.DIRECTORY, work.resolve("pictures").toString(), null, null);
    DatasetLook look =
        packer()
            .look(
                source,
                SourcePacker.Sent.nothing(),
                ImportSpec.byDefault(),
                work.resolve("scratch"),
                new ImportProgress());
    assertThat(look.labels().stream().map(FoldersTest::count))
        .containsExactly("cat:2/1", "dog:2/1");
    assertThat(look.problem()).isNull();
    assertThat(String.join("", look.layout().warnings())).contains("test validates");
    assertThat(work.resolve("scratch")).doesNotExist();
  }

  @Test
  void aDirectoryOfLegacyNamesIsReadByItsBytes() throws Exception {
    put("cat", 2);
    put("gar\u00e7on", 2);
    byte[] tar = tar("ISO-8859-1");
    Path top = Files.createDirectory(work.resolve("old"));
    Process unpacking =
        new ProcessBuilder("tar", "-x", "-C", top.toString()).redirectErrorStream(true).start();
    try (OutputStream in = unpacking.getOutputStream()) {
      in.write(tar);
    }
    assertThat(unpacking.waitFor()).isZero();
    PackSummary summary =
        packer()
            .pack(
                new Source(Source.Type.DIRECTORY, top.toString(), null, null),
                SourcePacker.Sent.nothing(),
                ImportSpec.byDefault(),
                work.resolve("pack"),
                new ImportProgress())
            .summary();
    assertThat(names(summary)).isEqualTo("cat gar\u00e7on");
  }
}
