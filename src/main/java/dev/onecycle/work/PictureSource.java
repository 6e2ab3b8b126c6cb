package dev.onecycle.work;

import dev.onecycle.dataset.DirectoryPictures;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackedPictures;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Pictures that a run looks at, sorted by path. Safe for any number of threads. */
interface PictureSource extends Closeable {

  int size();

  /** Returns where picture {@code index} lies in its dataset or below its directory. */
  String path(int index);

  /** Its label, or null where nobody knows. */
  @Nullable String label(int index);

  /** Its encoded bytes; throws a {@link dev.onecycle.platform.Failure} if they cannot be read. */
  byte[] bytes(int index);

  /** Returns how many pictures do not come after that path: those before and itself. */
  default int upTo(String path) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (path(middle).compareTo(path) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns the pictures of a directory. */
  static PictureSource of(DirectoryPictures pictures) {
    return new PictureSource() {
      @Override
      public int size() {
        return pictures.size();
      }

      @Override
      public String path(int index) {
        return pictures.path(index);
      }

      @Override
      public @Nullable String label(int index) {
        return null;
      }

      @Override
      public byte[] bytes(int index) {
        return pictures.bytes(index);
      }

      @Override
      public void close() {
        // No file is open between two pictures.
      }
    };
  }

  /**
   * Returns the pictures of a dataset.
   *
   * @param dataset closed with this
   * @param kept their numbers in it, ascending
   */
  static PictureSource of(DatasetSnapshot dataset, int[] kept) {
    PackedPictures all = dataset.all();
    return new PictureSource() {
      @Override
      public int size() {
        return kept.length;
      }

      @Override
      public String path(int index) {
        return all.index().get(kept[index]).path();
      }

      @Override
      public @Nullable String label(int index) {
        return all.index().get(kept[index]).label();
      }

      @Override
      public byte[] bytes(int index) {
        return all.bytes(kept[index]);
      }

      @Override
      public void close() throws IOException {
        dataset.close();
      }
    };
  }
}
