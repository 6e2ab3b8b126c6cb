package dev.onecycle.bench;

import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Chain;
import dev.onecycle.image.ExactViews;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a picture costs before the network sees it, on one thread: decoding it once, and making a
 * view of 224px of it as the notebook does: by fastai's own loader (of pictures that are named, it
 * decodes each), by the exact chain, by the sharp one of the first versions, from the item, and
 * from the file of items, as training does.
 */
final class InputPipelineBench implements Benchmark {

  private static final int ITEM_SIZE = 460;
  private static final int SIZE = 224;
  private static final int IMAGES = 300;
  private static final String NAMED = System.getenv("BENCH_PICTURES");

  private final BenchPictures pictures = BenchPictures.open(IMAGES, ITEM_SIZE);
  private final PackedPictures encoded = pictures.snapshot().all();
  private final List<Picture> decoded =
      IntStream.range(0, encoded.size()).mapToObj(encoded::picture).toList();
  private final Views exact = new ExactViews(ITEM_SIZE, SIZE, Normalization.imagenet());
  private final Views sharp = Chain.SHARP.views(ITEM_SIZE, SIZE, Normalization.imagenet());
  private final Views fused = Views.of(ITEM_SIZE, SIZE, Normalization.imagenet());
  private final List<Picture> items = decoded.stream().map(fused::item).toList();
  private final FloatBuffer view =
      ByteBuffer.allocateDirect(fused.length() * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();

  private final Augmentation augmentation = Augmentation.fastai();
  private final RandomGenerator random = new Seed(1).generator();
  private final PythonPeer fastai = NAMED == null ? null : PythonPeer.fastai();
  private Picture spent;

  InputPipelineBench() throws IOException {}

  @Override
  public String unit() {
    return "images/s";
  }

  @Override
  public List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    if (fastai != null) {
      String command = "views %s %d %d %d".formatted(NAMED, ITEM_SIZE, SIZE, IMAGES);
      variants.add(new Variant("fastai's loader", () -> fastai.measure(command)));
    }
    Collections.addAll(
        variants,
        variant("decode", 1, i -> encoded.picture(i)),
        variant("exact train view", 1, i -> train(exact, decoded.get(i))),
        variant("sharp train view", 5, i -> train(sharp, decoded.get(i))),
        variant("item", 1, i -> fused.item(decoded.get(i))),
        variant("fused train view", 5, i -> train(fused, items.get(i))),
        variant("read and fused train view", 5, i -> train(fused, read(i))),
        variant("read and fused valid view", 5, i -> fused.validView(read(i), view, 0)));
    return variants;
  }

  private Variant variant(String name, int rounds, IntConsumer work) {
    int count = encoded.size();
    return new Variant(
        name,
        () ->
            Benchmark.perSecond(
                rounds * count,
                () -> IntStream.range(0, rounds * count).forEach(i -> work.accept(i % count))));
  }

  private Picture read(int i) {
    spent = pictures.pixels().picture(i, spent);
    return spent;
  }

  private void train(Views views, Picture picture) {
    BatchCrop crop = augmentation.drawCrop(random, ITEM_SIZE);
    views.view(picture, augmentation.draw(random), crop, view, 0);
  }

  @Override
  public void close() {
    if (fastai != null) {
      fastai.close();
    }
    pictures.close();
  }
}
