package dev.onecycle.checkpoint.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.format.NamedArray;
import dev.onecycle.checkpoint.format.Safetensors;
import dev.onecycle.checkpoint.format.SafetensorsReader;
import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.NetworkKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubFolderTest {

  private static final List<String> LABELS = List.of("ant \"*```", "bée", "cat");
  private static final Metrics METRICS = new Metrics(0.5, 0.4, 0.875, null);

  @TempDir private Path folder;

  private static Manifest manifest(List<String> labels, Preprocessing preprocessing) {
    return new Manifest(
        NetworkKind.plain("xresnet18"), labels, preprocessing, Map.of("b", 1, "a", 2), null, null);
  }

  private static Manifest manifest(List<String> labels) {
    return manifest(labels, new Preprocessing(72, 64, Normalization.imagenet()));
  }

  private Map<String, NamedArray> arrays(StateDict state) throws IOException {
    Path file = folder.resolve("weights");
    WeightsFile.write(file, state, Map.of());
    return SafetensorsReader.read(file).arrays();
  }

  private static byte[] zip(HubFolder hub, Map<String, NamedArray> arrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    hub.write(arrays, out);
    return out.toByteArray();
  }

  private static Map<String, byte[]> members(byte[] zip) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }

  private static JsonNode config(Manifest manifest, Map<String, NamedArray> arrays)
      throws IOException {
    byte[] zip = zip(new HubFolder(manifest, null), arrays);
    return new JsonMapper().readTree(members(zip).get("config.json"));
  }

  @Test
  void weightsHaveTimmsNamesAndTheirNumbers() throws IOException {
    StateDict state = States.xresnet18(3, 1);
    Map<String, NamedArray> arrays = arrays(state);
    Map<String, byte[]> members = members(zip(new HubFolder(manifest(LABELS), METRICS), arrays));
    assertThat(members).containsOnlyKeys("README.md", "config.json", "model.safetensors");
    Safetensors written = SafetensorsReader.read(ByteBuffer.wrap(members.get("model.safetensors")));
    assertThat(written.metadata()).isEqualTo(Map.of("format", "pt"));
    assertThat(written.arrays()).hasSameSizeAs(arrays);
    assertThat(written.arrays().get("layer1.0.bn2.weight").floats())
        .isEqualTo(state.values().get("4.0.convpath.1.1.weight"));
    assertThat(written.arrays().get("fc.bias").floats()).isEqualTo(state.values().get("11.bias"));
  }

  @Test
  void configAndCardSayWhatTheyMean() throws IOException {
    Map<String, NamedArray> arrays = arrays(States.xresnet18(3, 1));
    Map<String, byte[]> members = members(zip(new HubFolder(manifest(LABELS), METRICS), arrays));
    JsonNode config = new JsonMapper().readTree(members.get("config.json"));
    assertThat(config.get("architecture").asString()).isEqualTo("resnet18d");
    assertThat(config.get("num_classes").asInt()).isEqualTo(3);
    assertThat(config.at("/label_names/0").asString()).isEqualTo(LABELS.get(0));
    assertThat(config.at("/pretrained_cfg/crop_pct").asDouble()).isEqualTo(1);
    assertThat(config.at("/pretrained_cfg/interpolation").asString()).isEqualTo("bilinear");
    assertThat(config.at("/pretrained_cfg/std/2").asDouble()).isEqualTo(0.225);
    String card = new String(members.get("README.md"), UTF_8);
    assertThat(card)
        .startsWith("---\nlibrary_name: timm\npipeline_tag: image-classification\n")
        .contains("\n# license: ", "| accuracy | 87.50 % |\n", "| loss | 0.4000 |\n", "\"bée\"")
        .contains("resized to 72 pixels", "and then to 64", "  \"a\" : 2,\n  \"b\" : 1\n")
        .doesNotContain("\r", "\n```\",", "test-time");
  }

  @Test
  void theSameGivesTheSameBytes() throws IOException {
    Map<String, NamedArray> arrays = arrays(States.xresnet18(3, 1));
    HubFolder one = new HubFolder(manifest(LABELS), METRICS);
    byte[] first = zip(one, arrays);
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertThat(zip(new HubFolder(manifest(LABELS), METRICS), arrays)).isEqualTo(first);
    } finally {
      TimeZone.setDefault(before);
    }
    assertThat(one.mark()).isEqualTo(new HubFolder(manifest(LABELS), METRICS).mark());
    assertThat(one.mark()).isNotEqualTo(new HubFolder(manifest(LABELS), null).mark());
  }

  @Test
  void timmResizesToTheSameSide() throws IOException {
    Preprocessing cut = Preprocessing.centre(235, 224, Normalization.imagenet());
    JsonNode made = config(manifest(LABELS, cut), arrays(States.xresnet18(3, 1)));
    assertThat(made.at("/pretrained_cfg/input_size/1").asInt()).isEqualTo(224);
    assertThat((int) (224 / made.at("/pretrained_cfg/crop_pct").asDouble())).isEqualTo(235);
    assertThat(made.at("/pretrained_cfg/interpolation").asString()).isEqualTo("bicubic");
  }

  @Test
  void everySizeIsMetByItsShare() {
    for (int itemSize = 32; itemSize <= 1024; itemSize++) {
      for (int size = 32; size <= itemSize; size++) {
        int resized = (int) (size / TimmConfig.share(size, itemSize));
        if (resized != itemSize) {
          assertThat(resized).as("%d from %d", size, itemSize).isEqualTo(itemSize);
        }
      }
    }
  }

  @Test
  void aBodyHasNoHead() throws IOException {
    Map<String, NamedArray> arrays = arrays(States.xresnet18(0, 1));
    Map<String, byte[]> members = members(zip(new HubFolder(manifest(List.of()), null), arrays));
    JsonNode config = new JsonMapper().readTree(members.get("config.json"));
    assertThat(config.get("num_classes").asInt()).isZero();
    assertThat(config.has("label_names")).isFalse();
    assertThat(new String(members.get("README.md"), UTF_8))
        .contains("image-feature-extraction", "None were measured")
        .doesNotContain("## Labels");
  }

  @Test
  void aCardShowsAHundredLabels() throws IOException {
    List<String> many = IntStream.range(0, 101).mapToObj(i -> "label-" + i).toList();
    Map<String, NamedArray> arrays = arrays(States.xresnet18(101, 1));
    Map<String, byte[]> members = members(zip(new HubFolder(manifest(many), null), arrays));
    assertThat(new String(members.get("README.md"), UTF_8))
        .contains("\"label-99\"", "the first 100; all are in `config.json`")
        .doesNotContain("label-100");
  }

  @Test
  void whatTimmDoesNotHaveIsRefused() {
    Manifest gated =
        new Manifest(
            NetworkKind.plain("xse_resnet18"),
            LABELS.subList(1, 3),
            new Preprocessing(64, 64, Normalization.imagenet()),
            null,
            null,
            null);
    assertThatThrownBy(() -> new HubFolder(gated, null))
        .isInstanceOf(Failure.Conflict.class)
        .hasMessageContaining("xse_resnet18")
        .hasMessageContaining("resnet18d");
  }
}
