package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.image.decoding.PictureHeader;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Turns files as they are found into one pack: checks that each decodes, measures it, writes it.
 * For one thread.
 */
public final class Packer implements Closeable {

  private final DecodeLimits limits;
  private final Runnable step;
  private final PackWriter writer;
  private final Map<String, ChannelSums> sums = new HashMap<>();
  private final List<Audit.Unreadable> unreadable = new ArrayList<>();
  private final List<Audit.Remark> remarks = new ArrayList<>();
  private final TreeSet<String> folders = new TreeSet<>();
  private int ignoredFiles;

  /** Starts a pack of pictures within {@link DecodeLimits#DEFAULT}. */
  public Packer(Path file) throws IOException {
    this(file, DecodeLimits.DEFAULT, () -> {});
  }

  /**
   * Starts a pack at {@code file}, replacing what is there.
   *
   * @param limits of a picture; what is beyond them is left out
   * @param step taken at every picture that {@link #finish} looks at; may throw to end that
   */
  public Packer(Path file, DecodeLimits limits, Runnable step) throws IOException {
    this.limits = limits;
    this.step = step;
    writer = new PackWriter(file);
  }

  /** Notes a folder, so that one without pictures can be reported. */
  public void folder(PicturePath path) {
    if (!path.isHidden()) {
      folders.add(path + "/");
    }
  }

  /** Notes a file that is no picture by its name. */
  public void ignore(PicturePath path) {
    if (!path.isHidden()) {
      ignoredFiles++;
    }
  }

  /**
   * Packs a picture file; one that has no label or cannot be decoded is noted and left out. Of two
   * with the same path the later counts, as when an archive is unpacked, and that is noted.
   */
  public void add(PicturePath path, byte[] bytes) throws IOException {
    if (writer.remove(path)) {
      sums.remove(path.toString());
      remarks.add(new Audit.Remark(path.toString(), "is there twice, and the later one counts"));
    }
    Picture picture;
    try {
      path.label();
      picture = PictureDecoder.decode(bytes, limits);
    } catch (Failure e) {
      unreadable.add(new Audit.Unreadable(path.toString(), e.getMessage()));
      return;
    }
    if (!PictureHeader.read(bytes).ended()) {
      remarks.add(new Audit.Remark(path.toString(), "is whole, but its end marker is missing"));
    }
    ChannelSums measured = ChannelSums.of(picture);
    writer.add(path, bytes, picture, measured.meanColour());
    sums.put(path.toString(), measured);
  }

  /**
   * Packs a picture with the bytes of an earlier one; it is noted and left out where there is none.
   *
   * @param earlier the earlier one's path, any text
   */
  public void addAgain(PicturePath path, String earlier) throws IOException {
    Optional<byte[]> bytes = Optional.empty();
    try {
      bytes = writer.bytes(PicturePath.of(earlier));
    } catch (Failure.Invalid e) {
      // No path of a picture, so there is none.
    }
    if (bytes.isPresent()) {
      add(path, bytes.get());
    } else {
      leaveOut(path, "is a link to what is no picture before it");
    }
  }

  /**
   * Notes a picture that cannot be read.
   *
   * @param why the end of a sentence that begins with the picture
   */
  public void leaveOut(PicturePath path, String why) {
    unreadable.add(new Audit.Unreadable(path.toString(), why));
  }

  /** How many pictures were packed so far. */
  public int packed() {
    return writer.size();
  }

  /** How many pictures were left out so far. */
  public int leftOut() {
    return unreadable.size();
  }

  /**
   * Completes the pack.
   *
   * @throws Failure.Invalid if there is nothing to learn from it: fewer than two pictures, a single
   *     class, an empty part
   */
  public PackSummary finish(SplitSpec wanted) throws IOException {
    List<PackedPicture> pictures = writer.finish();
    requireSomethingToLearn(pictures);
    SplitSpec spec = wanted.resolved(pictures);
    Split split = spec.of(pictures);
    Auditor auditor = new Auditor(pictures, split);
    List<ChannelSums> train =
        IntStream.of(split.train()).mapToObj(i -> sums.get(pictures.get(i).path())).toList();
    return new PackSummary(
        pictures.size(),
        spec,
        auditor.labels(),
        ChannelStatistics.of(train),
        medianSide(pictures),
        auditor.audit(step, ignoredFiles, unreadable, remarks, emptyFolders(pictures)));
  }

  private static int medianSide(List<PackedPicture> pictures) {
    int[] sides =
        pictures.stream().mapToInt(p -> Math.min(p.width(), p.height())).sorted().toArray();
    return sides[(sides.length - 1) / 2];
  }

  private void requireSomethingToLearn(List<PackedPicture> pictures) {
    if (pictures.isEmpty()) {
      throw new Failure.Invalid(
          "no picture could be read: %d files are no pictures by name, %d could not be decoded%s"
              .formatted(ignoredFiles, unreadable.size(), firstReason()),
          "Put JPEG, PNG, WebP, GIF, BMP, TIFF or PPM files into one folder per class.");
    }
    List<String> labels = PackedPictures.labels(pictures);
    if (labels.size() > LabelName.MOST) {
      throw new Failure.Invalid(
          labels.size() + " labels > maximum " + LabelName.MOST,
          "Sort the pictures into fewer folders, one per class.");
    }
    if (labels.size() == 1) {
      throw new Failure.Invalid(
          "all %d pictures have the same label '%s'".formatted(pictures.size(), labels.get(0)),
          "Put the pictures into one folder per class; two classes are the minimum.");
    }
  }

  private String firstReason() {
    return unreadable.isEmpty()
        ? ""
        : " (%s: %s)".formatted(unreadable.get(0).path(), unreadable.get(0).reason());
  }

  private List<String> emptyFolders(List<PackedPicture> pictures) {
    TreeSet<String> paths = new TreeSet<>();
    pictures.forEach(picture -> paths.add(picture.path()));
    return folders.stream()
        .filter(
            folder -> {
              String next = paths.ceiling(folder);
              return next == null || !next.startsWith(folder);
            })
        .toList();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
