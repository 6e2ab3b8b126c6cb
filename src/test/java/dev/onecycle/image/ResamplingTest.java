package dev.onecycle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ResamplingTest {

  private static final Goldens GOLDENS = new Goldens("E_transforms", "transforms.safetensors");

  @Test
  void theFormulaPicturesAreThoseOfTheGoldens() {
    assertThat(FormulaPicture.of(96, 80, 0).rgb()).isEqualTo(GOLDENS.bytesOf("src.A.u8"));
    assertThat(sum(FormulaPicture.of(500, 375, 2))).isEqualTo(71_444_576);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "500x375.valid",
        "500x375.train.p3_7",
        "375x500.valid",
        "375x500.train.p9_2",
        "300x200.valid",
        "1600x1200.valid",
        "460x500.valid",
        "333x500.valid",
        "460x460.valid"
      })
  void presizeEqualsPillowBitForBit(String name) {
    JsonNode golden = GOLDENS.entry("resize460." + name);
    int width = golden.get("src").get(0).asInt();
    int height = golden.get("src").get(1).asInt();
    double x = golden.get("pcts").get(0).asDouble();
    double y = golden.get("pcts").get(1).asDouble();
    Presize presize = new Presize(460);

    Box box = presize.box(width, height, x, y);
    Picture item =
        presize.at(FormulaPicture.of(width, height, golden.get("src_image_t").asInt()), x, y);

    JsonNode crop = golden.get("crop_xywh");
    assertThat(box)
        .isEqualTo(
            new Box(
                crop.get(0).asInt(),
                crop.get(1).asInt(),
                crop.get(2).asInt(),
                crop.get(3).asInt()));
    assertThat(sum(item)).isEqualTo(golden.get("sum").asLong());
    assertThat(hashsum(item)).isEqualTo(golden.get("hashsum").asLong());
    assertThat(every(golden.get("subgrid_step").asInt(), item))
        .isEqualTo(GOLDENS.bytesOf("resize460." + name));
  }

  @Test
  void presizeLosesAPixelForExactlyTheSidesThatFastaiDoes() {
    Presize presize = new Presize(460);
    List<Integer> losing = new ArrayList<>();
    for (int side = 128; side <= 2000; side++) {
      if (presize.box(side, side, 0.5, 0.5).width() != side) {
        losing.add(side);
      }
    }
    List<Integer> expected = new ArrayList<>();
    GOLDENS
        .entry("_resize_int_loses_one_pixel_for_short_side")
        .forEach(side -> expected.add(side.asInt()));
    assertThat(losing).isEqualTo(expected);
  }

  @Test
  void theSmallestPicturesAreResizedToo() {
    Picture one = new Picture(1, 1, new byte[] {10, 20, (byte) 200});

    for (Resampling filter : Resampling.values()) {
      Picture out = filter.resize(one, 3, 2);
      for (int i = 0; i < out.rgb().length; i++) {
        assertThat(out.rgb()[i]).isEqualTo(one.rgb()[i % 3]);
      }
    }
    assertThat(new Presize(7).centre(FormulaPicture.of(2, 90, 1)).width()).isEqualTo(7);
  }

  @Test
  void aBoxIsResizedAsIfCutOutFirst() {
    Picture picture = FormulaPicture.of(50, 40, 3);
    Box box = new Box(7, 5, 20, 30);
    Picture cut = Resampling.BICUBIC.resize(picture, box, 20, 30);

    assertThat(Resampling.BICUBIC.resize(picture, box, 33, 9).rgb())
        .isEqualTo(Resampling.BICUBIC.resize(cut, 33, 9).rgb());
  }

  @Test
  void boxesOutsideThePictureAreRefused() {
    Picture picture = FormulaPicture.of(50, 40, 3);

    assertThatThrownBy(() -> Resampling.BILINEAR.resize(picture, new Box(40, 0, 11, 10), 5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not within 50x40");
  }

  @Test
  void centredBoxesKeepProportions() {
    assertThat(Box.centred(FormulaPicture.of(50, 40, 3), 1, 1)).isEqualTo(new Box(5, 0, 40, 40));
    assertThat(Box.centred(FormulaPicture.of(40, 50, 3), 2, 1)).isEqualTo(new Box(0, 15, 40, 20));
  }

  private static long sum(Picture picture) {
    long sum = 0;
    for (byte level : picture.rgb()) {
      sum += level & 0xff;
    }
    return sum;
  }

  private static long hashsum(Picture picture) {
    long sum = 0;
    for (int i = 0; i < picture.rgb().length; i++) {
      sum += (long) (picture.rgb()[i] & 0xff) * (i % 251 + 1);
    }
    return sum;
  }

  /** Every {@code step}-th pixel of every {@code step}-th row. */
  static byte[] every(int step, Picture picture) {
    int width = (picture.width() + step - 1) / step;
    int height = (picture.height() + step - 1) / step;
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(
            picture.rgb(),
            3 * (y * step * picture.width() + x * step),
            rgb,
            3 * (y * width + x),
            3);
      }
    }
    return rgb;
  }
}
