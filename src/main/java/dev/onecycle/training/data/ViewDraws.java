package dev.onecycle.training.data;

import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.platform.Seed;

/** The random draws for the views of one epoch, each a function of its place alone. */
public interface ViewDraws {

  /** Returns the views of validation: nothing is drawn. */
  static ViewDraws plain(int itemSize) {
    return still(ViewDraw.PLAIN, itemSize);
  }

  /** Returns the same view of every picture, without a crop. */
  static ViewDraws still(ViewDraw draw, int itemSize) {
    return new ViewDraws() {
      @Override
      public ViewDraw view(int picture) {
        return draw;
      }

      @Override
      public BatchCrop crop(int batch, int picture) {
        return BatchCrop.whole(itemSize);
      }
    };
  }

  /** Returns the views of training, from the epoch's {@code seed}. */
  static ViewDraws augmented(Augmentation augmentation, int itemSize, Seed seed) {
    Seed views = seed.child(0);
    Seed crops = seed.child(1);
    return new ViewDraws() {
      @Override
      public ViewDraw view(int picture) {
        return augmentation.draw(views.child(picture).generator());
      }

      @Override
      public BatchCrop crop(int batch, int picture) {
        int drawn = augmentation.randomCropPerPicture() ? picture : batch;
        return augmentation.drawCrop(crops.child(drawn).generator(), itemSize);
      }
    };
  }

  /**
   * Returns the same with each picture mirrored in every other epoch.
   *
   * @param flips where each picture's first epoch is drawn from, the same in all epochs
   * @param epoch of the run, from 0
   */
  default ViewDraws alternating(Augmentation augmentation, Seed flips, int epoch) {
    ViewDraws same = this;
    return new ViewDraws() {
      @Override
      public ViewDraw view(int picture) {
        boolean flip = augmentation.drawFlip(flips.child(picture).generator(), epoch);
        return same.view(picture).flipped(flip);
      }

      @Override
      public BatchCrop crop(int batch, int picture) {
        return same.crop(batch, picture);
      }
    };
  }

  /** Returns the numbers of one picture, by its index. */
  ViewDraw view(int picture);

  /** Returns the crop of one picture of a batch, by its index and the batch's in the epoch. */
  BatchCrop crop(int batch, int picture);
}
