package dev.onecycle.bench;

import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.ExactViews;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a picture costs before the network sees it, on one thread: decoding a JPEG of 500x375, and
 * making a view of 224px of it as the notebook does, by the exact chain and by the fused one.
 */
final class InputPipelineBench implements Benchmark {

  private static final int ITEM_SIZE = 460;
  private static final int SIZE = 224;
  private static final int IMAGES = 100;

  private final byte[] jpeg = PictureEncoder.jpeg(drawn(500, 375));
  private final Picture picture = PictureDecoder.decode(jpeg);
  private final Views exact = new ExactViews(ITEM_SIZE, SIZE, Normalization.imagenet());
  private final Views fused = Views.of(ITEM_SIZE, SIZE, Normalization.imagenet());
  private final FloatBuffer view =
      ByteBuffer.allocateDirect(fused.length() * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();

  @Override
  public String unit() {
    return "images/s";
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("decode 500x375 JPEG", IMAGES, () -> decode(IMAGES)),
        variant("exact train view 224px", IMAGES / 5, () -> train(exact, IMAGES / 5)),
        variant("fused train view 224px", IMAGES * 5, () -> train(fused, IMAGES * 5)),
        variant("fused valid view 224px", IMAGES * 5, () -> valid(IMAGES * 5)));
  }

  private static Variant variant(String name, int images, Work work) {
    return new Variant(name, () -> Benchmark.perSecond(images, work));
  }

  private void decode(int images) {
    for (int i = 0; i < images; i++) {
      Picture decoded = PictureDecoder.decode(jpeg);
      if (decoded.width() != picture.width()) {
        throw new IllegalStateException("decoded to " + decoded.width() + " columns");
      }
    }
  }

  private void train(Views views, int images) {
    Augmentation augmentation = Augmentation.fastai();
    RandomGenerator random = new Seed(1).generator();
    for (int i = 0; i < images; i++) {
      BatchCrop crop = augmentation.drawCrop(random, ITEM_SIZE);
      views.view(picture, augmentation.draw(random), crop, view, 0);
    }
  }

  private void valid(int images) {
    for (int i = 0; i < images; i++) {
      fused.validView(picture, view, 0);
    }
  }

  /** Shades, edges and grain, so that it costs about what a photograph does to decode. */
  static Picture drawn(int width, int height) {
    RandomGenerator random = new Seed(2).generator();
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double shade = 120 + 60 * Math.sin(x / 37.0) * Math.cos(y / 23.0);
        double edge = (x / 50 + y / 40) % 2 * 30;
        double grain = 6 * random.nextGaussian();
        for (int c = 0; c < 3; c++, i++) {
          rgb[i] = (byte) Math.round(shade + edge * c / 2 + grain);
        }
      }
    }
    return new Picture(width, height, rgb);
  }
}
