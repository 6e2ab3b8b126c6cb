package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.dataset.pixels.PackedPicture;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * fastai itself at the same folders: it gives every picture the label that we do. Needs Python with
 * fastai, {@code python3} or the one that ONECYCLE_PYTHON names; skipped without.
 */
@Tag("proof")
class FastaiLabelsTest {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path work;
  private final List<Map<String, String>> cases = new ArrayList<>();
  private final List<LabelRule> rules = new ArrayList<>();
  private int drawn;

  /** A folder with pictures at these paths. */
  private Path folder(String... paths) throws IOException {
    Path folder = Files.createDirectory(work.resolve("case" + cases.size()));
    for (String path : paths) {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, Archives.png(0x10203 * ++drawn));
    }
    return folder;
  }

  private void parent(String... paths) throws IOException {
    add(Map.of("path", folder(paths).toString(), "by", "parent"), LabelRule.byDefault());
  }

  private void pattern(String pattern, String... paths) throws IOException {
    add(
        Map.of("path", folder(paths).toString(), "by", "name", "pattern", pattern),
        LabelRule.of(Map.of("pattern", pattern)));
  }

  private void table(String text, String folder, String suffix, String... paths)
      throws IOException {
    Path path = folder(paths);
    Files.write(path.resolve("labels.csv"), text.getBytes(UTF_8));
    String[] columns = text.replace("\ufeff", "").lines().findFirst().orElseThrow().split(",", -1);
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("path", path.toString());
    asked.put("by", "csv");
    asked.put("csv", "labels.csv");
    asked.put("folder", folder);
    asked.put("suffix", suffix);
    asked.put("file", columns[0]);
    asked.put("label", columns[1]);
    add(asked, LabelRule.table("labels.csv"));
  }

  private void add(Map<String, String> asked, LabelRule rule) {
    cases.add(asked);
    rules.add(rule);
  }

  private void draw() throws IOException {
    parent("train/cat/1.png", "train/dog/2.png", "valid/cat/3.png", "valid/dog/4.png");
    parent("set/train/bus/1.png", "set/train/train/2.png", "set/val/bus/3.png");
    parent("invalid/1.png", "unclear/1.png", "valid/1.png");
    parent("train/cat/2021/0.png", "train/dog/2022/0.png", "val/cat/2021/1.png");
    parent("deep/a/b/c/x/1.PNG", "deep/a/b/c/y/1.png", ".hidden/z/1.png", "deep/a/b/c/y/.2.png");
    parent("Br\u00f6tchen/1.png", "\u72ac/1.png", "a b/1.png", "#1/+2.png");
    pattern("^(.*)_\\d+.png$", "images/great_pyrenees_1.png", "images/Sphynx_2.png");
    pattern("(.+?)-", "a/x-1.png", "b/y-2-3.png", "b/x-4.png");
    pattern("^\\d+_(?P<label>[a-z]+)", "train/1_cat.png", "train/2_dog.png", "test/3_cat.png");
    table("name,label\nimages/1.png,a\nimages/2.png,b\n", "", "", "images/1.png", "images/2.png");
    table("id,breed\n1,\"pug, small\"\n2,husky\n", "train", ".png", "train/1.png", "train/2.png");
    table("\ufefffile,y\na.png,\u00e4\r\nb.png,0\r\n", "x/y", "", "x/y/a.png", "x/y/b.png");
  }

  private Map<String, String> ours(int i) throws IOException {
    DatasetProperties properties =
        new DatasetProperties(
            List.of(work),
            DataSize.ofMegabytes(10),
            DataSize.ofMegabytes(10),
            DataSize.ofMegabytes(1),
            1_000,
            100,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            1,
            1,
            1_000_000,
            DataSize.ofMegabytes(1));
    Path pack = work.resolve("pack" + i);
    new SourcePacker(properties, null, new DiskSpace(0))
        .pack(
            new Source(Source.Type.DIRECTORY, cases.get(i).get("path"), null, null),
            SourcePacker.Sent.nothing(),
            new ImportSpec(null, rules.get(i), null),
            pack,
            new ImportProgress());
    Map<String, String> labels = new TreeMap<>();
    try (PackedPictures pictures = PackedPictures.open(pack)) {
      for (PackedPicture picture : pictures.index()) {
        labels.put(picture.path(), picture.label());
      }
    }
    return labels;
  }

  private String python(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    Path out = work.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(work.resolve("err").toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(work.resolve("err"))).isZero();
    return Files.readString(out);
  }

  private static boolean hasFastai() {
    try {
      return new ProcessBuilder(PYTHON, "-c", "import fastai.vision.all")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void givesThePicturesOfTwelveLayoutsTheSameLabels() throws Exception {
    assumeTrue(
        hasFastai(),
        "fastai is not there: pip install fastai, and name its Python in ONECYCLE_PYTHON");
    draw();
    assertThat(cases).hasSize(12);
    Path asked = Files.writeString(work.resolve("cases.json"), JSON.writeValueAsString(cases));
    List<Map<String, String>> theirs =
        JSON.readValue(
            python("src/test/python/fastai_labels.py", asked.toString()),
            new TypeReference<List<Map<String, String>>>() {});
    for (int i = 0; i < cases.size(); i++) {
      assertThat(ours(i)).as(cases.get(i).toString()).isEqualTo(theirs.get(i));
    }
  }
}
