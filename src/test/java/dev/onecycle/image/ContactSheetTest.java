package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.image.ContactSheet.Tile;
import dev.onecycle.image.decoding.PictureDecoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {

  private static final int INSET = 28;

  @Test
  void showsPicturesPixelByPixel() {
    Picture picture = FormulaPicture.of(224, 224, 1);
    Picture sheet = sheet(new Tile(picture, "label", "", null));
    assertThat(sheet.width()).isEqualTo(2 * INSET + 224);
    int top = firstRowOf(sheet, picture);
    for (int y = 1; y < 223; y++) {
      assertThat(row(sheet, INSET + 1, top + y, 222)).isEqualTo(row(picture, 1, y, 222));
    }
  }

  /** Where the picture begins: its second row says so, the first is under the border. */
  private static int firstRowOf(Picture sheet, Picture picture) {
    for (int y = 1; y < sheet.height(); y++) {
      if (Arrays.equals(row(sheet, INSET + 1, y, 222), row(picture, 1, 1, 222))) {
        return y - 1;
      }
    }
    throw new AssertionError("the picture is not on the sheet");
  }

  private static byte[] row(Picture picture, int x, int y, int count) {
    int from = (y * picture.width() + x) * 3;
    return Arrays.copyOfRange(picture.rgb(), from, from + 3 * count);
  }

  @Test
  void growsInRowsAndEnlargesSmallPictures() {
    Tile small = new Tile(FormulaPicture.of(32, 32, 1), "a", "", null);
    Picture one = sheet(small);
    Picture six = sheet(Collections.nCopies(6, small).toArray(Tile[]::new));
    assertThat(one.width()).isEqualTo(2 * INSET + 160);
    assertThat(six.width()).isEqualTo(2 * INSET + 4 * 160 + 3 * 20);
    assertThat(six.height() - one.height()).isBetween(160, 220);
    Picture large = sheet(new Tile(FormulaPicture.of(460, 460, 1), "a", "", null));
    assertThat(large.width()).isEqualTo(2 * INSET + 256);
  }

  @Test
  void cutsWordsThatDoNotFitAndTakesAnyOthers() {
    Picture picture = FormulaPicture.of(160, 160, 1);
    Picture plain = sheet(new Tile(picture, "", "", null));
    for (String label : List.of("x".repeat(5_000), "\uD83D\uDC31".repeat(300), "\u200F\n\t<b>")) {
      Picture sheet = sheet(new Tile(picture, label, "", null));
      assertThat(sheet.width()).isEqualTo(plain.width());
      for (int y = 0; y < sheet.height(); y++) {
        // Nothing is written into the right margin.
        assertThat(row(sheet, sheet.width() - 20, y, 20))
            .isEqualTo(row(plain, sheet.width() - 20, y, 20));
      }
    }
  }

  @Test
  void drawsABlendsShareAsABar() {
    Picture picture = FormulaPicture.of(160, 160, 1);
    byte[] most = sheet(new Tile(picture, "a", "b", 0.9)).rgb();
    byte[] half = sheet(new Tile(picture, "a", "b", 0.5)).rgb();
    assertThat(most).hasSameSizeAs(half).isNotEqualTo(half);
  }

  private static Picture sheet(Tile... tiles) {
    return PictureDecoder.decode(ContactSheet.png("title", "subtitle", 4, List.of(tiles)));
  }
}
