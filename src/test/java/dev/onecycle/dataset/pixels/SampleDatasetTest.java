package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleDatasetTest {

  private static final Map<String, byte[]> PICTURES = new LinkedHashMap<>();

  @BeforeAll
  static void draw() throws IOException {
    new SampleDataset(new Seed(42)).draw(PICTURES::put);
  }

  @Test
  void hasAThousandPicturesOfTenShapesInTwoFolders() {
    assertThat(PICTURES).hasSize(1_000).hasSize(SampleDataset.size());
    assertThat(SampleDataset.labels())
        .hasSize(10)
        .isSorted()
        .allSatisfy(
            label -> {
              assertThat(count("train/" + label + "/")).isEqualTo(80);
              assertThat(count("valid/" + label + "/")).isEqualTo(20);
            });
  }

  @Test
  void drawsTheSameFromTheSameSeedOnly() throws IOException {
    Map<String, byte[]> again = new LinkedHashMap<>();
    new SampleDataset(new Seed(42)).draw(again::put);
    assertThat(again.keySet()).containsExactlyElementsOf(PICTURES.keySet());
    again.forEach((path, png) -> assertThat(png).as(path).isEqualTo(PICTURES.get(path)));

    Map<String, byte[]> other = new LinkedHashMap<>();
    new SampleDataset(new Seed(43)).draw(other::put);
    assertThat(other).allSatisfy((path, png) -> assertThat(png).isNotEqualTo(PICTURES.get(path)));
  }

  /**
   * Colour, place and size say nothing about the class: a model without a notion of shape fails.
   */
  @Test
  void aLinearModelStaysUnderHalf() {
    List<String> labels = SampleDataset.labels();
    SoftmaxRegression model = new SoftmaxRegression(labels.size());
    PICTURES.forEach(
        (path, png) -> {
          String[] segments = path.split("/", -1);
          model.add(segments[0].equals("train"), features(png), labels.indexOf(segments[1]));
        });
    model.fit(60);

    assertThat(model.accuracy(true)).as("it does learn").isGreaterThan(0.7);
    assertThat(model.accuracy(false)).isLessThan(0.5);
  }

  private static float[] features(byte[] png) {
    Picture picture = PictureDecoder.decode(png);
    int cell = 3;
    int side = SampleDataset.SIZE / cell;
    float[] features = new float[side * side * 3];
    for (int i = 0; i < picture.rgb().length; i++) {
      int x = i / 3 % SampleDataset.SIZE / cell;
      int y = i / 3 / SampleDataset.SIZE / cell;
      features[(y * side + x) * 3 + i % 3] +=
          ((picture.rgb()[i] & 255) / 255f - 0.5f) / (cell * cell);
    }
    return features;
  }

  private static long count(String prefix) {
    return PICTURES.keySet().stream().filter(path -> path.startsWith(prefix)).count();
  }
}
