package dev.onecycle.check;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Picture;
import dev.onecycle.platform.Seed;
import dev.onecycle.training.TrainingData;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Pictures of noise, a fifth of them to validate with; a label is how bright they are. */
final class NoiseData implements TrainingData {

  /** Different ones; more would take the heap and tell a network nothing new. */
  private static final int DRAWN = 64;

  private final List<Picture> drawn;
  private final int count;

  NoiseData(int count, int side) {
    this.count = count;
    RandomGenerator random = new Seed(3).generator();
    drawn = IntStream.range(0, DRAWN).mapToObj(i -> draw(random, i, side)).toList();
  }

  private static Picture draw(RandomGenerator random, int index, int side) {
    byte[] rgb = new byte[3 * side * side];
    random.nextBytes(rgb);
    int least = 256 * (index % Subject.CLASSES) / (2 * Subject.CLASSES);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (least + (rgb[i] & 0x7F));
    }
    return new Picture(side, side, rgb);
  }

  @Override
  public List<String> labels() {
    return IntStream.range(0, Subject.CLASSES).mapToObj(k -> "brightness " + k).toList();
  }

  private Pictures pictures(int count) {
    return new Pictures() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public int label(int index) {
        return index % DRAWN % Subject.CLASSES;
      }

      @Override
      public Picture picture(int index) {
        return drawn.get(index % DRAWN);
      }
    };
  }

  @Override
  public Pictures train(int phase) {
    return pictures(count);
  }

  @Override
  public Pictures valid(int phase) {
    return pictures(count / 4);
  }

  @Override
  public Normalization normalization() {
    return Normalization.imagenet();
  }

  @Override
  public boolean leaky(int phase) {
    return false;
  }
}
