package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The whole chain against fastai. */
class ExactViewsTest {

  private static final Goldens GOLDENS = new Goldens("E_transforms", "transforms.safetensors");
  private static final Picture ITEM = FormulaPicture.of(460, 460, 1);
  private static final ViewDraw ALL =
      new ViewDraw(.3, .7, true, 10, 1.1, .2, .8, .2, -.1, .45, 1.2);
  private static final ViewDraw UNLIT = new ViewDraw(.3, .7, true, 10, 1.1, .2, .8, .2, -.1, .5, 1);

  @ParameterizedTest
  @CsvSource({"430, 11, 25, 224", "455, 2, 4, 224", "430, 11, 25, 128", "400, 30, 45, 64"})
  void trainViewsEqualFastaiAfterEachStep(int side, int top, int left, int size) {
    BatchCrop crop = new BatchCrop(side, top, left);
    String name = "B.train.cp" + side + ".s" + size;
    ExactViews raw = new ExactViews(460, size, Normalization.none());
    ExactViews normalized = new ExactViews(460, size, Normalization.imagenet());

    new Plane(view(raw, ITEM, UNLIT, crop)).assertClose(GOLDENS, name + ".crop", 1e-4f, 4e-6);
    new Plane(view(raw, ITEM, ALL, crop)).assertClose(GOLDENS, name + ".light", 1e-4f, 4e-6);
    new Plane(view(normalized, ITEM, ALL, crop))
        .assertClose(GOLDENS, name + ".norm", 4e-4f, 1.6e-5);
  }

  @Test
  void neutralDrawsEqualFastais() {
    ViewDraw neutral = new ViewDraw(.5, .5, false, 0, 1, .3, .3, 0, 0, .5, 1);

    FloatPicture out =
        view(new ExactViews(460, 224, Normalization.none()), ITEM, neutral, BatchCrop.whole(460));

    new Plane(out).assertClose(GOLDENS, "B.train.neutral.s224.light", 4e-5f, 2e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {224, 128, 64})
  void validViewsEqualFastai(int size) {
    ExactViews views = new ExactViews(460, size, Normalization.imagenet());

    new Plane(validView(views, ITEM))
        .assertClose(GOLDENS, "B.valid.s" + size + ".norm", 4e-4f, 1.5e-5);
  }

  @ParameterizedTest
  @ValueSource(ints = {224, 128})
  void theWholePipelineEqualsFastai(int size) {
    String name = "500x375.valid.s" + size + ".norm";
    ExactViews views = new ExactViews(460, size, Normalization.imagenet());

    FloatPicture out = validView(views, FormulaPicture.of(500, 375, 2));

    new Plane(out).assertClose(GOLDENS, name, 4e-4f, 1.5e-5);
    for (int c = 0; c < 3; c++) {
      int colour = c;
      double mean =
          IntStream.range(0, size * size)
              .mapToDouble(i -> out.rgb()[3 * i + colour])
              .average()
              .orElseThrow();
      assertThat(mean)
          .isCloseTo(GOLDENS.entry(name).get("rgb_mean").get(c).asDouble(), within(1e-5));
    }
  }

  /** fastai shrinks by averaging first where a crop is more than twice the size, and only there. */
  @ParameterizedTest
  @ValueSource(ints = {224, 128})
  void intermediateSizesAreFastais(int size) {
    JsonNode expected = GOLDENS.entry("_area_intermediate_size").get(String.valueOf(size));
    for (int side = 398; side <= 460; side++) {
      JsonNode golden = expected.get(String.valueOf(side));
      assertThat(FloatPicture.averagedSide(side, size))
          .as("side %d", side)
          .isEqualTo(golden.isNull() ? side : golden.asInt());
    }
  }

  @Test
  void presizedPicturesAreNotPresizedAgain() {
    Picture picture = FormulaPicture.of(500, 375, 2);
    ExactViews views = new ExactViews(460, 64, Normalization.imagenet());
    Picture item = new Presize(460).at(picture, ALL.x(), ALL.y());

    assertThat(view(views, item, ALL, BatchCrop.whole(460)).rgb())
        .isEqualTo(view(views, picture, ALL, BatchCrop.whole(460)).rgb());
  }

  @Test
  void threadsFillTheirPartsOfOneBuffer() {
    ExactViews views = new ExactViews(64, 32, Normalization.none());
    Picture picture = FormulaPicture.of(80, 70, 1);
    FloatBuffer batch = FloatBuffer.allocate(8 * views.length() + 1);

    IntStream.range(0, 8)
        .parallel()
        .forEach(i -> views.validView(picture, batch, i * views.length()));

    assertThat(batch.position()).isZero();
    float[] one = validView(views, picture).rgb();
    for (int i = 0; i < 8; i++) {
      float[] part = new float[views.length()];
      batch.get(i * views.length(), part);
      assertThat(part).isEqualTo(one);
    }
    assertThat(batch.get(8 * views.length())).isZero();
  }

  @Test
  void everyDrawGivesFiniteLevels() {
    SplittableRandom random = new SplittableRandom(3);
    Augmentation widest =
        new Augmentation(true, .5, false, 180, 1, 10, .3, 1, .9, 1, .01, 1, false);
    ExactViews views = new ExactViews(48, 24, Normalization.none());
    Picture picture = FormulaPicture.of(90, 60, 4);
    for (int i = 0; i < 500; i++) {
      FloatPicture out = view(views, picture, widest.draw(random), widest.drawCrop(random, 48));
      for (float level : out.rgb()) {
        assertThat(level >= 0 && level <= 1).isTrue();
      }
    }
  }

  @Test
  void cropsOutsideTheItemAreRefused() {
    ExactViews views = new ExactViews(48, 24, Normalization.none());

    assertThatThrownBy(() -> view(views, ITEM, ALL, new BatchCrop(40, 9, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not within 48x48");
  }

  private static FloatPicture validView(Views views, Picture picture) {
    FloatBuffer out = FloatBuffer.allocate(views.length());
    views.validView(picture, out, 0);
    return new FloatPicture(views.size(), views.size(), out.array());
  }

  private static FloatPicture view(Views views, Picture picture, ViewDraw draw, BatchCrop crop) {
    FloatBuffer out = FloatBuffer.allocate(views.length());
    views.view(picture, draw, crop, out, 0);
    return new FloatPicture(views.size(), views.size(), out.array());
  }
}
