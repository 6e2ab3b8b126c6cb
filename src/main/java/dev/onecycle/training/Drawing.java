package dev.onecycle.training;

import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.platform.Seed;

/** What is drawn for the views of one epoch, each as a function of its place alone. */
public interface Drawing {

  /** The views of validation: nothing is drawn. */
  static Drawing plain(int itemSize) {
    return still(ViewDraw.PLAIN, itemSize);
  }

  /** The same view of every picture, without a crop. */
  static Drawing still(ViewDraw draw, int itemSize) {
    return new Drawing() {
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

  /** The views of training, from the epoch's {@code seed}. */
  static Drawing augmented(Augmentation augmentation, int itemSize, Seed seed) {
    Seed views = seed.child(0);
    Seed crops = seed.child(1);
    return new Drawing() {
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

  /** The numbers of one picture, by its index. */
  ViewDraw view(int picture);

  /** The crop of one batch, by its position in the epoch. */
  BatchCrop crop(int batch);
}
