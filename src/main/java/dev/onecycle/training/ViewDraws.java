package dev.onecycle.training;

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
      public BatchCrop crop(int batch) {
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
      public BatchCrop crop(int batch) {
        return augmentation.drawCrop(crops.child(batch).generator(), itemSize);
      }
    };
  }

  /** Returns the numbers of one picture, by its index. */
  ViewDraw view(int picture);

  /** Returns the crop of one batch, by its position in the epoch. */
  BatchCrop crop(int batch);
}
