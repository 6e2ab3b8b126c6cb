package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Part;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

class PackerTest {

  @TempDir Path directory;

  private final Map<String, Picture> pictures = new LinkedHashMap<>();
  private Path pack;

  @BeforeEach
  void draw() {
    pack = directory.resolve("pack.zip");
    for (String path : List.of("b/2", "a/2", "b/1", "a/1", "a/0")) {
      pictures.put(path + ".png", noise(path.hashCode()));
    }
  }

  private static Picture noise(long seed) {
    byte[] rgb = new byte[12 * 10 * 3];
    var random = new Seed(seed).generator();
    random.nextBytes(rgb);
    return new Picture(12, 10, rgb);
  }

  private PackSummary packAll() throws IOException {
    try (Packer packer = new Packer(pack)) {
      for (Map.Entry<String, Picture> picture : pictures.entrySet()) {
        packer.add(PicturePath.of(picture.getKey()), PictureEncoder.png(picture.getValue()));
      }
      return packer.finish(SplitSpec.byDefault());
    }
  }

  @Test
  void givesBackEveryPictureByIndex() throws IOException {
    PackSummary summary = packAll();
    assertThat(summary.pictures()).isEqualTo(5);
    try (PackedPictures packed = PackedPictures.open(pack)) {
      assertThat(packed.size()).isEqualTo(5);
      assertThat(packed.labels()).containsExactly("a", "b");
      assertThat(packed.index().stream().map(PackedPicture::path)).isSorted();
      for (int i = 0; i < 5; i++) {
        PackedPicture entry = packed.index().get(i);
        Picture original = pictures.get(entry.path());
        assertThat(packed.bytes(i)).isEqualTo(PictureEncoder.png(original));
        assertThat(packed.picture(i).rgb()).isEqualTo(original.rgb());
        assertThat(packed.labels().get(packed.label(i))).isEqualTo(entry.label());
        assertThat(entry.width()).isEqualTo(12);
        assertThat(entry.height()).isEqualTo(10);
      }
      Pictures subset = packed.subset(4, 0);
      assertThat(subset.size()).isEqualTo(2);
      assertThat(subset.label(0)).isEqualTo(packed.label(4));
      assertThat(subset.picture(1).rgb()).isEqualTo(packed.picture(0).rgb());
    }
  }

  @Test
  void isAZipThatAnybodyOpensAndTheSameEveryTime() throws IOException {
    packAll();
    byte[] first = Files.readAllBytes(pack);
    try (ZipFile zip = new ZipFile(pack.toFile())) {
      assertThat(zip.getInputStream(zip.getEntry("a/1.png")).readAllBytes())
          .isEqualTo(PictureEncoder.png(pictures.get("a/1.png")));
    }
    packAll();
    assertThat(pack).hasBinaryContent(first);
  }

  @Test
  void measuresTheTrainingPixelsAsTorchDoes() throws IOException {
    PackSummary summary = packAll();
    double[] values;
    try (PackedPictures packed = PackedPictures.open(pack)) {
      Split split = summary.split().of(packed.index());
      values =
          Arrays.stream(split.train())
              .mapToObj(i -> packed.picture(i).rgb())
              .flatMapToDouble(
                  rgb ->
                      IntStream.range(0, rgb.length / 3)
                          .mapToDouble(p -> (rgb[3 * p + 1] & 255) / 255.0))
              .toArray();
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    assertThat(summary.statistics().mean().get(1)).isCloseTo(mean, within(1e-12));
    assertThat(summary.statistics().std().get(1))
        .isCloseTo(Math.sqrt(squares / (values.length - 1)), within(1e-12));
  }

  /** A pack as it was before layouts: a line of an index for each picture, and nothing else. */
  @Test
  void anOldPackKeepsItsLabelsAndIsUnderstoodInAnotherWayAllTheSame() throws IOException {
    pictures.clear();
    for (String path : List.of("train/a/1", "train/b/2", "val/a/3", "test/b/x_4")) {
      pictures.put(path + ".png", noise(path.hashCode()));
    }
    PackSummary before = packAll();
    Path old = directory.resolve("old.zip");
    try (ZipFile now = new ZipFile(pack.toFile());
        ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(old))) {
      zip.setMethod(ZipOutputStream.STORED);
      long offset = 0;
      List<String> lines = new ArrayList<>();
      for (var picture : new TreeMap<>(pictures).entrySet()) {
        byte[] bytes = PictureEncoder.png(picture.getValue());
        store(zip, picture.getKey(), bytes);
        offset += 30 + picture.getKey().length();
        String[] folders = picture.getKey().split("/", -1);
        String part =
            folders[0].equals("val") ? "valid" : folders[0].equals("test") ? "-" : "train";
        lines.add(
            String.join(
                "\t",
                List.of(
                    picture.getKey(),
                    folders[1],
                    part,
                    offset + "",
                    bytes.length + "",
                    "12",
                    "10",
                    "0".repeat(64),
                    "0".repeat(16),
                    "000000")));
        offset += bytes.length;
      }
      assertThat(now.size()).isEqualTo(pictures.size() + 3);
      store(zip, "index.tsv", String.join("\n", lines).getBytes(UTF_8));
    }
    SplitSpec folders = SplitSpec.by("folders");
    try (DatasetSnapshot snapshot =
        new DatasetSnapshot(PackedPictures.open(old), folders, before.statistics())) {
      assertThat(snapshot.labels()).containsExactly("a", "b");
      assertThat(snapshot.parts()).containsExactly(null, Part.TRAIN, Part.TRAIN, Part.VALID);
      assertThat(snapshot.all().picture(3).rgb()).isEqualTo(pictures.get("val/a/3.png").rgb());
    }
    PackRereading again =
        PackRereading.of(old, null, Map.of(), LabelRule.byDefault(), folders, before.audit(), null);
    assertThat(again.summary().labels()).isEqualTo(before.labels());
    assertThat(again.summary().statistics()).isEqualTo(before.statistics());
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  @Test
  void redrawsOverEverything() throws IOException {
    PackSummary summary = packAll();
    try (DatasetSnapshot snapshot =
        new DatasetSnapshot(PackedPictures.open(pack), summary.split(), summary.statistics())) {
      assertThat(snapshot.split().valid()).hasSize(1);
      assertThat(snapshot.redraw(new Seed(3)).valid())
          .isEqualTo(Split.random(5, 0.2, new Seed(3)).valid());
      assertThat(snapshot.parts()).containsOnlyOnce(Part.VALID);
    }
  }

  @Test
  void reportsDuplicatesOfEitherKindAndLeaks() throws IOException {
    pictures.clear();
    Picture one = noise(1);
    byte[] brighter = one.rgb().clone();
    brighter[0] = (byte) (brighter[0] ^ 1);
    pictures.put("train/a/1.png", one);
    pictures.put("valid/b/same.png", one);
    pictures.put("train/a/near.png", new Picture(12, 10, brighter));
    pictures.put("train/b/other.png", noise(2));
    Audit audit = packAll().audit();
    assertThat(audit.exactDuplicates().count()).isEqualTo(1);
    assertThat(audit.nearDuplicates().items().get(0).pictures()).hasSize(2);
    assertThat(audit.leaks().items())
        .extracting(Audit.Duplicates::likeness)
        .containsExactly(Audit.Likeness.EXACT);
  }

  @Test
  void ofTwoWithTheSamePathTheLaterCountsAndItIsSaid() throws IOException {
    byte[] later = PictureEncoder.png(noise(2));
    PackSummary summary;
    try (Packer packer = new Packer(pack)) {
      packer.add(PicturePath.of("a/1.png"), PictureEncoder.png(noise(1)));
      packer.add(PicturePath.of("a/1.png~1"), PictureEncoder.png(noise(4)));
      packer.add(PicturePath.of("b/1.png"), PictureEncoder.png(noise(3)));
      packer.add(PicturePath.of("./a//1.png"), later);
      assertThat(packer.packed()).isEqualTo(3);
      summary = packer.finish(SplitSpec.by("random"));
    }
    assertThat(summary.audit().unreadable().items()).isEmpty();
    assertThat(summary.audit().remarks().items())
        .containsExactly(new Audit.Remark("a/1.png", "is there twice, and the later one counts"));
    try (PackedPictures packed = PackedPictures.open(pack)) {
      assertThat(packed.index())
          .extracting(PackedPicture::path)
          .containsExactly("a/1.png", "a/1.png~1", "b/1.png");
      assertThat(packed.bytes(0)).isEqualTo(later);
    }
  }

  @Test
  void aPictureBeyondTheLimitIsLeftOut() throws IOException {
    try (Packer packer = new Packer(pack, new DecodeLimits(119), LabelRule.byDefault(), () -> {})) {
      packer.add(PicturePath.of("a/1.png"), PictureEncoder.png(noise(1)));
      assertThat(packer.leftOut()).isEqualTo(1);
    }
  }

  @Test
  void aPictureWithoutItsEndMarkerIsTakenAndMarked() throws IOException {
    byte[] jpeg = PictureEncoder.jpeg(noise(1));
    try (Packer packer = new Packer(pack)) {
      packer.add(PicturePath.of("a/1.jpg"), Arrays.copyOf(jpeg, jpeg.length - 2));
      packer.add(PicturePath.of("b/1.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
      packer.add(PicturePath.of("b/2.jpg"), jpeg);
      Audit audit = packer.finish(SplitSpec.by("random")).audit();
      assertThat(audit.remarks().items()).extracting(Audit.Remark::path).containsExactly("a/1.jpg");
      assertThat(audit.unreadable().items())
          .extracting(Audit.Unreadable::path)
          .containsExactly("b/1.jpg");
    }
  }

  @Test
  void aLinkToAnEarlierPictureHasItsBytes() throws IOException {
    byte[] png = PictureEncoder.png(noise(1));
    try (Packer packer = new Packer(pack)) {
      packer.add(PicturePath.of("a/1.png"), png);
      packer.addAgain(PicturePath.of("b/1.png"), "./a/1.png");
      packer.addAgain(PicturePath.of("b/2.png"), "a/none.png");
      packer.addAgain(PicturePath.of("b/3.png"), "../../etc/passwd");
      PackSummary summary = packer.finish(SplitSpec.by("random"));
      assertThat(summary.audit().unreadable().items())
          .extracting(Audit.Unreadable::path)
          .containsExactly("b/2.png", "b/3.png");
    }
    try (PackedPictures packed = PackedPictures.open(pack)) {
      assertThat(packed.size()).isEqualTo(2);
      assertThat(packed.bytes(1)).isEqualTo(png);
    }
  }

  @Test
  void saysThatAPackIsDamaged() throws IOException {
    packAll();
    byte[] bytes = Files.readAllBytes(pack);
    Files.write(pack, Arrays.copyOf(bytes, bytes.length - 40));
    assertThatThrownBy(() -> PackedPictures.open(pack)).isInstanceOf(Failure.Unavailable.class);
    assertThatThrownBy(() -> PackedPictures.open(directory.resolve("none")))
        .isInstanceOf(Failure.Unavailable.class);
  }

  /** All with the longest names that there are, in which each character is two in JSON. */
  @Test
  void anAuditIsShortWhateverItFound() throws IOException {
    String folder = ("\"".repeat(195) + "/").repeat(3);
    byte[] same = PictureEncoder.png(noise(1));
    byte[] broken = {1, 2, 3};
    PackSummary summary;
    try (Packer packer = new Packer(pack)) {
      for (int i = 0; i < 600; i++) {
        String label = folder + "\"".repeat(190) + i % 2 + "/";
        packer.add(PicturePath.of(label + "\"".repeat(150) + i + ".png"), same);
        packer.add(PicturePath.of(label + "\"".repeat(150) + i + ".jpg"), broken);
        packer.folder(PicturePath.of(folder + "\"".repeat(150) + i));
      }
      summary = packer.finish(SplitSpec.byDefault());
    }
    Audit audit = summary.audit();
    assertThat(audit.unreadable().count()).isEqualTo(600);
    assertThat(audit.unreadable().items()).hasSizeBetween(50, 199);
    assertThat(audit.emptyFolders().count()).isEqualTo(600);
    assertThat(audit.leaks().items().get(0).count()).isEqualTo(600);
    assertThat(audit.leaks().items().get(0).pictures()).hasSize(20);
    assertThat(new ObjectMapper().writeValueAsString(audit).length()).isLessThan(1_000_000);
  }
}
