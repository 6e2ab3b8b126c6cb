package dev.onecycle.dataset;

import dev.onecycle.dataset.files.DirectoryFiles;
import dev.onecycle.dataset.files.ImportLimits;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/**
 * The picture files below a directory of this machine, as they were when it was listed, sorted by
 * path; each is read when it is asked for. Safe for any number of threads.
 */
public final class DirectoryPictures {

  private final List<String> paths;
  private final List<DirectoryFiles.Found> files;
  private final ImportLimits limits;

  DirectoryPictures(SortedMap<String, DirectoryFiles.Found> pictures, ImportLimits limits) {
    this.paths = List.copyOf(pictures.keySet());
    this.files = List.copyOf(pictures.values());
    this.limits = limits;
  }

  public int size() {
    return paths.size();
  }

  /** Where picture {@code index} lies below the directory, its segments joined by slashes. */
  public String path(int index) {
    return paths.get(index);
  }

  /**
   * The bytes of picture {@code index}.
   *
   * @throws Failure.Invalid if it is too large, cannot be read, is a link, or lies behind one by
   *     now
   */
  public byte[] bytes(int index) {
    try {
      return files.get(index).read(PicturePath.of(paths.get(index)), limits);
    } catch (IOException e) {
      throw new Failure.Invalid(
          "the file cannot be read: " + Reason.of(e), "Let the service's user read it.");
    }
  }
}
