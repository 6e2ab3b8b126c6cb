package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One pass against the exact chain. Levels are 0 to 1. */
class FusedViewsTest {

  private static final Augmentation FASTAI = Augmentation.fastai();
  private static final BatchCrop WHOLE = BatchCrop.whole(64);
  private static final BatchCrop CROP = new BatchCrop(20, 3, 11);

  /** As in real use, and as nobody would. */
  @ParameterizedTest
  @CsvSource({
    "500, 375, 460, 224",
    "375, 500, 460, 128",
    "333, 500, 256, 224",
    "341, 256, 256, 256",
    "224, 224, 460, 224",
    "96, 96, 72, 64",
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
  void isCloseToTheExactChain(int width, int height, int itemSize, int size) {
    Views fused = Views.of(itemSize, size, Normalization.none());
    Views exact = new ExactViews(itemSize, size, Normalization.none());
    Picture smooth = smooth(width, height);
    Picture noisy = noisy(width, height);
    SplittableRandom random = new SplittableRandom(width);
    for (int i = 0; i < 12; i++) {
      ViewDraw draw = i == 0 ? ViewDraw.PLAIN : FASTAI.draw(random);
      BatchCrop crop = i == 0 ? BatchCrop.whole(itemSize) : FASTAI.drawCrop(random, itemSize);

      Difference onSmooth =
          Difference.between(view(fused, smooth, draw, crop), view(exact, smooth, draw, crop));
      Difference onNoisy =
          Difference.between(view(fused, noisy, draw, crop), view(exact, noisy, draw, crop));

      assertThat(onSmooth.mean).as("%s of %s", draw, crop).isLessThan(0.004);
      assertThat(onSmooth.largest).as("%s of %s", draw, crop).isLessThan(0.035);
      assertThat(onNoisy.mean).as("%s of %s", draw, crop).isLessThan(0.15);
      // Skipping pixels would leave the noise at many times its share.
      assertThat(onNoisy.contrast).as("%s of %s", draw, crop).isBetween(0.6, 3.2);
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

    Difference difference = Difference.between(view(fused, picture, far, WHOLE), expected);
    // Below 1 / 2.2 the picture is halved first, where the exact chain skips pixels.
    assertThat(difference.mean).isLessThan(zoom < 0.45 ? 0.03 : 0.001);
  }

  @ParameterizedTest
  @CsvSource({"90, 60, 48, 24", "1, 1, 1, 1", "1, 1, 9, 3", "2, 50, 1, 4", "400, 300, 3, 1"})
  void everyDrawGivesFiniteLevels(int width, int height, int itemSize, int size) {
    Augmentation widest = new Augmentation(true, .5, 180, 1, 10, .3, 1, .9, 1, .01);
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
    Picture[] pictures = {noisy(96, 90), noisy(500, 375)};
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

  private record Difference(double mean, double largest, double contrast) {

    static Difference between(float[] actual, float[] expected) {
      double sum = 0;
      double largest = 0;
      for (int i = 0; i < actual.length; i++) {
        double difference = Math.abs(actual[i] - expected[i]);
        sum += difference;
        largest = Math.max(largest, difference);
      }
      return new Difference(sum / actual.length, largest, deviation(actual) / deviation(expected));
    }

    private static double deviation(float[] levels) {
      double mean =
          IntStream.range(0, levels.length).mapToDouble(i -> levels[i]).average().orElseThrow();
      return Math.sqrt(
          IntStream.range(0, levels.length)
              .mapToDouble(i -> (levels[i] - mean) * (levels[i] - mean))
              .average()
              .orElseThrow());
    }
  }

  private static float[] view(Views views, Picture picture, ViewDraw draw, BatchCrop crop) {
    FloatBuffer out = FloatBuffer.allocate(views.length());
    views.view(picture, draw, crop, out, 0);
    return out.array();
  }
}
