package dev.onecycle.dataset.pixels;

import dev.onecycle.dataset.pixels.PackWriter.Measured;
import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.image.decoding.PictureHeader;
import dev.onecycle.layout.Arrangement;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Turns files as they are found into one pack: checks that each decodes, measures it, writes it.
 * For one thread.
 */
public final class Packer implements Closeable {

  /** As many are asked for the classes that they would have had. */
  static final int MOST_UNREAD = 10_000;

  private final DecodeLimits limits;
  private final Runnable step;
  private final PackWriter writer;
  private final Findings<Audit.Unreadable> unreadable = new Findings<>();
  private final Findings<Audit.Remark> remarks = new Findings<>();
  private final TreeSet<String> folders = new TreeSet<>();
  private final List<PicturePath> unread = new ArrayList<>();
  private final Sightings sightings;

  /** Starts a pack of pictures within {@link DecodeLimits#DEFAULT}. */
  public Packer(Path file) throws IOException {
    this(file, DecodeLimits.DEFAULT, LabelRule.byDefault(), () -> {});
  }

  /**
   * Starts a pack at {@code file}, replacing what is there.
   *
   * @param limits of a picture; what is beyond them is left out
   * @param rule gives the pictures their labels
   * @param step taken at every picture that {@link #finish} looks at; may throw to end that
   */
  public Packer(Path file, DecodeLimits limits, LabelRule rule, Runnable step) throws IOException {
    this.limits = limits;
    sightings = new Sightings(rule);
    this.step = step;
    writer = new PackWriter(file);
  }

  /** Notes a folder, so that one without pictures can be reported. */
  public void folder(PicturePath path) {
    if (path.hidden()) {
      sightings.ignore(path);
    } else if (!path.segments().isEmpty()) {
      folders.add(path + "/");
    }
  }

  /** What is met that is no picture. */
  public Sightings sightings() {
    return sightings;
  }

  /** Keeps a table, which may have labels. */
  public void addTable(PicturePath path, byte[] bytes) {
    sightings.addTable(path, bytes);
  }

  /**
   * Packs a picture file; one that cannot be decoded is noted and left out. Of two with the same
   * path the later counts, as when an archive is unpacked, and that is noted.
   */
  public void add(PicturePath path, byte[] bytes) throws IOException {
    if (writer.remove(path)) {
      remarks.add(new Audit.Remark(path.toString(), "is there twice, and the later one counts"));
    }
    Picture picture;
    try {
      picture = PictureDecoder.decode(bytes, limits);
    } catch (Failure e) {
      leaveOut(path, e.getMessage());
      return;
    }
    if (!PictureHeader.read(bytes).ended()) {
      remarks.add(new Audit.Remark(path.toString(), "is whole, but its end marker is missing"));
    }
    writer.add(path, bytes, picture);
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
    if (unread.size() < MOST_UNREAD) {
      unread.add(path);
    }
  }

  /** How many pictures were packed so far. */
  public int packed() {
    return writer.size();
  }

  /** How many pictures were left out so far. */
  public int leftOut() {
    return unreadable.count();
  }

  /**
   * As {@link #complete}.
   *
   * @throws Failure.Invalid if there is nothing to learn from it: fewer than two pictures, no label
   *     or a single one, an empty part
   */
  public PackSummary finish(SplitSpec wanted) throws IOException {
    return complete(wanted).summary();
  }

  /**
   * Completes the pack, also where its pictures cannot be understood as wanted.
   *
   * @throws Failure.Invalid if no picture was packed
   */
  public Packed complete(SplitSpec wanted) throws IOException {
    List<Measured> measured = writer.pictures();
    List<PackedPicture> found = measured.stream().map(Measured::picture).toList();
    IntFunction<ChannelSums> sums = i -> measured.get(i).sums();
    if (found.isEmpty()) {
      throw new Failure.Invalid(
          "no picture could be read: %d files are no pictures by name, %d could not be decoded%s"
              .formatted(sightings.otherFiles(), unreadable.count(), firstReason()),
          "Put JPEG, PNG, WebP, GIF, BMP, TIFF or PPM files into one folder per class.");
    }
    Arrangement.Files files = PackContents.files(found, unread, sightings.tables());
    try {
      PackContents contents = PackContents.of(found, files, sightings.rule(), wanted);
      List<PackedPicture> pictures = contents.pictures();
      PackSummary summary = contents.summary(sums, this::audit, told(contents.layout()));
      write(pictures, sums);
      return new Packed.Understood(summary);
    } catch (Failure.Invalid e) {
      write(found, sums);
      Audit audit = audit(new Auditor(found, new Split(new int[0], new int[0])));
      return new Packed.NotUnderstood(e, told(Layout.nothing(sightings.rule())), audit);
    }
  }

  private void write(List<PackedPicture> pictures, IntFunction<ChannelSums> sums)
      throws IOException {
    writer.finish(pictures, sums, sightings.tables(), sightings.notes());
  }

  private Audit audit(Auditor auditor) {
    return auditor.audit(
        step, sightings.otherFiles(), unreadable.listing(), remarks.listing(), emptyFolders());
  }

  private Layout told(Layout layout) {
    if (unreadable.count() == 0) {
      return sightings.told(layout, List.of());
    }
    List<String> first =
        unreadable.first().limit(5).map(one -> one.path() + " " + one.reason()).toList();
    return sightings.told(
        layout, List.of(new Layout.Ignored(Sightings.UNREADABLE, unreadable.count(), first)));
  }

  private String firstReason() {
    return unreadable
        .first()
        .findFirst()
        .map(first -> " (%s: %s)".formatted(first.path(), first.reason()))
        .orElse("");
  }

  private Audit.Listing<String> emptyFolders() {
    Findings<String> empty = new Findings<>();
    for (String folder : folders) {
      if (!writer.hasBelow(folder)) {
        empty.add(folder);
      }
    }
    return empty.listing();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
