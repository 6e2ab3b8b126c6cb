package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresizeTest {

  @ParameterizedTest
  @CsvSource({
    "500, 375, 460",
    "375, 500, 460",
    "640, 427, 160",
    "233, 512, 64",
    "301, 300, 72",
    "302, 300, 72",
    "40, 33, 128",
    "1600, 401, 224",
    "224, 224, 224",
    "300, 224, 224",
  })
  void theMiddleOfTheWholeIsTheCentreToTheBit(int width, int height, int itemSize) {
    Presize presize = new Presize(itemSize);
    Picture picture = TexturedPicture.of(width, height, width);

    Picture whole = presize.whole(picture);

    assertThat(whole.width()).isEqualTo(presize.width(width, height));
    assertThat(whole.height()).isEqualTo(presize.height(width, height));
    assertThat(Math.min(whole.width(), whole.height())).isEqualTo(itemSize);
    assertThat(presize.centre(whole).rgb()).isEqualTo(presize.centre(picture).rgb());
  }

  /** The square of a random place is the whole's at most a pixel of the item beside it. */
  @ParameterizedTest
  @CsvSource({"500, 375, 460", "375, 500, 160", "640, 427, 256"})
  void anotherSquareIsAtMostAPixelAway(int width, int height, int itemSize) {
    Presize presize = new Presize(itemSize);
    Picture picture = TexturedPicture.of(width, height, 5);
    Picture whole = presize.whole(picture);
    for (double place : new double[] {0, .1, .33, .7, .99}) {
      Picture exact = presize.at(picture, place, place);
      int x = Presize.offset(place, whole.width(), itemSize);
      int y = Presize.offset(place, whole.height(), itemSize);
      double least = Double.MAX_VALUE;
      for (int by = -1; by <= 1; by++) {
        int left = width > height ? x + by : x;
        int top = width > height ? y : y + by;
        if (left >= 0
            && top >= 0
            && left + itemSize <= whole.width()
            && top + itemSize <= whole.height()) {
          least = Math.min(least, difference(exact, whole, left, top));
        }
      }
      // At a place between two pixels fine detail differs; an offset of more would triple that.
      assertThat(least).as("at %s", place).isLessThan(0.035);
    }
  }

  private static double difference(Picture square, Picture whole, int left, int top) {
    double sum = 0;
    for (int y = 0; y < square.height(); y++) {
      for (int i = 0; i < 3 * square.width(); i++) {
        int at = 3 * ((top + y) * whole.width() + left) + i;
        int here = square.rgb()[3 * y * square.width() + i] & 0xff;
        sum += Math.abs((whole.rgb()[at] & 0xff) - here);
      }
    }
    return sum / square.length() / 255;
  }

  @ParameterizedTest
  @CsvSource({"1500, 41", "41, 1500"})
  void aVeryLongPictureStaysAsItIs(int width, int height) {
    Picture picture = new Picture(width, height, new byte[3 * width * height]);
    assertThat(new Presize(64).whole(picture)).isSameAs(picture);
    assertThat(new Presize(64).width(width, height)).isEqualTo(width);
  }
}
