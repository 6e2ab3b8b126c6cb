package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The views in use against the exact chain. Levels are 0 to 1. */
class FusedViewsTest {

  private static final Augmentation FASTAI = Augmentation.fastai();
  private static final BatchCrop WHOLE = BatchCrop.whole(64);
  private static final BatchCrop CROP = new BatchCrop(20, 3, 11);

  private static final List<Picture> TEXTURED =
      List.of(
          TexturedPicture.of(500, 375, 1),
          TexturedPicture.of(375, 500, 2),
          TexturedPicture.of(640, 427, 3),
          TexturedPicture.of(224, 224, 4));

  /** As in real use. */
  @ParameterizedTest
  @CsvSource({"460, 224", "460, 128", "160, 128", "160, 96", "256, 224", "72, 64", "224, 224"})
  void validViewsAreThoseOfTheExactChain(int itemSize, int size) {
    Views fused = Views.of(itemSize, size, Normalization.none());
    Views exact = new ExactViews(itemSize, size, Normalization.none());
    for (Picture picture : TEXTURED) {
      for (ViewDraw draw : List.of(ViewDraw.PLAIN, ViewDraw.FLIPPED)) {
        float[] expected = view(exact, picture, draw, BatchCrop.whole(itemSize));
        for (Picture from : List.of(picture, fused.item(picture))) {
          float[] actual = view(fused, from, draw, BatchCrop.whole(itemSize));
          Difference difference = Difference.between(actual, expected, size);

          assertThat(difference.mean).isLessThan(0.0005);
          assertThat(difference.most).isLessThan(0.001);
          assertThat(difference.contrast).isBetween(0.995, 1.005);
        }
      }
    }
  }

  /** An item's square stands at a whole pixel of the item, a picture's at one of the picture. */
  @ParameterizedTest
  @CsvSource({"460, 224", "460, 128", "160, 128", "160, 96", "256, 224", "72, 64", "224, 224"})
  void trainingViewsAreThoseOfTheExactChain(int itemSize, int size) {
    Views fused = Views.of(itemSize, size, Normalization.none());
    Views exact = new ExactViews(itemSize, size, Normalization.none());
    SplittableRandom random = new SplittableRandom(itemSize + size);
    for (Picture picture : TEXTURED) {
      for (Picture from : List.of(picture, fused.item(picture))) {
        for (int i = 0; i < 3; i++) {
          ViewDraw draw = FASTAI.draw(random);
          BatchCrop crop = FASTAI.drawCrop(random, itemSize);

          Difference difference =
              Difference.between(
                  view(fused, from, draw, crop), view(exact, from, draw, crop), size);

          assertThat(difference.mean).as("%s of %s", draw, crop).isLessThan(0.004);
          assertThat(difference.most).as("%s of %s", draw, crop).isLessThan(0.08);
          assertThat(difference.contrast).as("%s of %s", draw, crop).isBetween(0.95, 1.05);
        }
      }
    }
  }

  /** What the views of the first versions would not have passed. */
  @Test
  void sharpViewsAreOthers() {
    Views sharp = Chain.SHARP.views(256, 224, Normalization.none());
    Views exact = Chain.FASTAI.views(256, 224, Normalization.none());
    for (Picture picture : TEXTURED) {
      BatchCrop whole = BatchCrop.whole(256);
      Difference difference =
          Difference.between(
              view(sharp, picture, ViewDraw.PLAIN, whole),
              view(exact, picture, ViewDraw.PLAIN, whole),
              224);
      assertThat(difference.mean).isGreaterThan(0.008);
      assertThat(difference.contrast).isGreaterThan(1.2);
    }
  }

  /** As nobody would use them. */
  @ParameterizedTest
  @CsvSource({
    "1600, 1200, 460, 224",
    "1201, 907, 160, 128",
    "2000, 1500, 256, 32",
    "97, 1203, 128, 96",
    "1500, 41, 64, 48",
    "21, 17, 64, 32",
    "7, 300, 33, 65",
    "3, 2, 40, 32",
    "1, 9, 5, 4",
    "233, 233, 64, 200",
    "130, 131, 129, 33",
  })
  void isCloseToTheExactChainOfAnyPicture(int width, int height, int itemSize, int size) {
    Views fused = Views.of(itemSize, size, Normalization.none());
    Views exact = new ExactViews(itemSize, size, Normalization.none());
    Picture noisy = noisy(width, height);
    SplittableRandom random = new SplittableRandom(width);
    for (int i = 0; i < 6; i++) {
      ViewDraw draw = i == 0 ? ViewDraw.PLAIN : FASTAI.draw(random);
      BatchCrop crop = i == 0 ? BatchCrop.whole(itemSize) : FASTAI.drawCrop(random, itemSize);

      Difference difference =
          Difference.between(view(fused, noisy, draw, crop), view(exact, noisy, draw, crop), size);

      assertThat(difference.mean).as("%s of %s", draw, crop).isLessThan(0.01);
      if (Math.min(width, height) > 3) { // there is hardly any contrast in an item of three pixels
        assertThat(difference.contrast).as("%s of %s", draw, crop).isBetween(0.9, 1.1);
      }
    }
  }

  @Test
  void whatNeedsNoInterpolationIsExact() {
    Picture picture = noisy(64, 64);
    float[] levels = FloatPicture.of(picture).rgb();
    Normalization.imagenet().apply(levels);
    Views views = Views.of(64, 64, Normalization.imagenet());

    assertThat(view(views, picture, ViewDraw.PLAIN, WHOLE)).isEqualTo(levels);
    float[] flipped = view(views, picture, ViewDraw.FLIPPED, WHOLE);
    for (int i = 0; i < levels.length; i += 3) {
      int mirrored = i / 192 * 192 + 189 - i % 192;
      for (int c = 0; c < 3; c++) {
        assertThat(flipped[mirrored + c]).isEqualTo(levels[i + c]);
      }
    }
    float[] cut = view(Views.of(64, 20, Normalization.imagenet()), picture, ViewDraw.PLAIN, CROP);
    assertThat(cut[3 * 20 * 7]).isEqualTo(levels[3 * (64 * (7 + CROP.top()) + CROP.left())]);
  }

  @Test
  void lightingIsThatOfTheExactChain() {
    Picture picture = noisy(64, 64);
    ViewDraw dim = new ViewDraw(.5, .5, false, 0, 1, .5, .5, 0, 0, .42, 1.2);
    float[] levels = FloatPicture.of(picture).rgb();
    Lighting.apply(levels, .42, 1.2);

    assertThat(view(Views.of(64, 64, Normalization.none()), picture, dim, WHOLE)).isEqualTo(levels);
  }

  /** Zooming out shows the picture and its reflections many times. */
  @ParameterizedTest
  @ValueSource(doubles = {0.9, 0.4, 0.17})
  void reflectsAsOftenAsNeeded(double zoom) {
    Picture picture = smooth(64, 64);
    ViewDraw far = new ViewDraw(.5, .5, true, 25, zoom, .2, .7, .1, -.1, .5, 1);
    Views fused = Views.of(64, 64, Normalization.none());
    Views exact = new ExactViews(64, 64, Normalization.none());

    float[] expected = view(exact, picture, far, WHOLE);

    Difference difference = Difference.between(view(fused, picture, far, WHOLE), expected, 64);
    assertThat(difference.mean).isLessThan(0.002);
  }

  @ParameterizedTest
  @CsvSource({"90, 60, 48, 24", "1, 1, 1, 1", "1, 1, 9, 3", "2, 50, 1, 4", "400, 300, 3, 1"})
  void everyDrawGivesFiniteLevels(int width, int height, int itemSize, int size) {
    Augmentation widest =
        new Augmentation(true, .5, false, 180, 1, 10, .3, 1, .9, 1, .01, 1, false);
    ViewDraw horizon = new ViewDraw(.5, .5, false, 0, 1, .5, .5, .7, -.7, .5, 1);
    Views views = Views.of(itemSize, size, Normalization.none());
    SplittableRandom random = new SplittableRandom(3);
    Picture picture = noisy(width, height);
    for (int i = 0; i < 300; i++) {
      ViewDraw draw = i == 0 ? horizon : widest.draw(random);
      for (float level : view(views, picture, draw, widest.drawCrop(random, itemSize))) {
        assertThat(level >= 0 && level <= 1).as("%s: %s", draw, level).isTrue();
      }
    }
  }

  @Test
  void threadsFillTheirPartsOfOneBuffer() {
    Views views = Views.of(64, 32, Normalization.none());
    Picture picture = noisy(300, 280);
    SplittableRandom random = new SplittableRandom(4);
    ViewDraw[] draws =
        Stream.generate(() -> FASTAI.draw(random)).limit(64).toArray(ViewDraw[]::new);
    FloatBuffer batch = FloatBuffer.allocate(draws.length * views.length() + 1);

    IntStream.range(0, draws.length)
        .parallel()
        .forEach(i -> views.view(picture, draws[i], WHOLE, batch, i * views.length()));

    assertThat(batch.position()).isZero();
    for (int i = 0; i < draws.length; i++) {
      float[] part = new float[views.length()];
      batch.get(i * views.length(), part);
      assertThat(part).isEqualTo(view(views, picture, draws[i], WHOLE));
    }
    assertThat(batch.get(batch.capacity() - 1)).isZero();
  }

  @Test
  void cropsOutsideTheItemAreRefused() {
    Views views = Views.of(48, 24, Normalization.none());
    FloatBuffer out = FloatBuffer.allocate(views.length());

    assertThatThrownBy(
            () -> views.view(noisy(9, 9), ViewDraw.PLAIN, new BatchCrop(40, 9, 0), out, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not within 48x48");
    assertThat(out.array()).containsOnly(0);
    assertThatThrownBy(() -> Views.of(0, 24, Normalization.none())).hasMessageContaining("of 0");
  }

  @Test
  void bfloat16ViewsAreTheOthersRounded() {
    Views views = Views.of(72, 40, Normalization.imagenet());
    Views exactOnly = new ExactOnly(views);
    SplittableRandom random = new SplittableRandom(7);
    for (ViewDraw draw : List.of(ViewDraw.PLAIN, FASTAI.draw(random), FASTAI.draw(random))) {
      ShortBuffer rounded = ShortBuffer.allocate(views.length() + 5);
      ShortBuffer twin = ShortBuffer.allocate(views.length() + 5);
      views.view(noisy(96, 90), draw, new BatchCrop(68, 1, 2), rounded, 5);
      exactOnly.view(noisy(96, 90), draw, new BatchCrop(68, 1, 2), twin, 5);

      assertThat(rounded.array()).isEqualTo(twin.array());
    }
  }

  /** Rounds by the naive default. */
  private record ExactOnly(Views views) implements Views {
    @Override
    public int itemSize() {
      return views.itemSize();
    }

    @Override
    public int size() {
      return views.size();
    }

    @Override
    public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
      views.view(picture, draw, crop, out, offset);
    }
  }

  /** After the first, which make the kernel and let it grow. */
  @Test
  void aViewAllocatesNothing() {
    Views views = Views.of(72, 64, Normalization.imagenet());
    Picture[] pictures = {views.item(noisy(96, 90)), views.item(noisy(500, 375))};
    SplittableRandom random = new SplittableRandom(6);
    ViewDraw[] draws =
        Stream.generate(() -> FASTAI.draw(random)).limit(50).toArray(ViewDraw[]::new);
    FloatBuffer out =
        ByteBuffer.allocateDirect(4 * views.length())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    ShortBuffer halves = ByteBuffer.allocateDirect(2 * views.length()).asShortBuffer();
    BatchCrop crop = new BatchCrop(68, 1, 2);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    int rounds = 0;
    for (; allocated > 0 && rounds < 3; rounds++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (ViewDraw draw : draws) {
        views.view(pictures[0], draw, crop, out, 0);
        views.view(pictures[1], draw, crop, out, 0);
        views.view(pictures[1], draw, crop, halves, 0);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).as("bytes for %d views", 3 * draws.length).isZero();
  }

  /** A few waves across the picture. */
  private static Picture smooth(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++, i++) {
          double wave = Math.sin(6.0 * x / width + c) * Math.cos(5.0 * y / height - c);
          rgb[i] = (byte) Math.round(127.5 + 120 * wave);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /** Every sample on its own, as no photograph is. */
  private static Picture noisy(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new SplittableRandom(5).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }

  /**
   * How far levels are apart.
   *
   * @param most what all but a thousandth are within
   * @param contrast of neighbours (their Laplacian), in units of what is expected
   */
  private record Difference(double mean, double most, double contrast) {

    static Difference between(float[] actual, float[] expected, int size) {
      double[] apart =
          IntStream.range(0, actual.length)
              .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
              .sorted()
              .toArray();
      double mean = Arrays.stream(apart).average().orElseThrow();
      double most = apart[(int) (apart.length * 0.999)];
      return new Difference(mean, most, contrast(actual, size) / contrast(expected, size));
    }

    private static double contrast(float[] levels, int size) {
      int row = 3 * size;
      double sum = 0;
      for (int y = 1; y < size - 1; y++) {
        for (int i = y * row + 3; i < (y + 1) * row - 3; i++) {
          double around = levels[i - 3] + levels[i + 3] + levels[i - row] + levels[i + row];
          sum += (4 * levels[i] - around) * (4 * levels[i] - around);
        }
      }
      return Math.sqrt(sum) + 1e-9;
    }
  }

  private static float[] view(Views views, Picture picture, ViewDraw draw, BatchCrop crop) {
    FloatBuffer out = FloatBuffer.allocate(views.length());
    views.view(picture, draw, crop, out, 0);
    return out.array();
  }
}
