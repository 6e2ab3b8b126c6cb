package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.files.ArchiveFiles;
import dev.onecycle.dataset.files.DirectoryFiles;
import dev.onecycle.dataset.files.ImportLimits;
import dev.onecycle.dataset.files.PictureFiles;
import dev.onecycle.dataset.files.S3Files;
import dev.onecycle.dataset.files.SampleFiles;
import dev.onecycle.dataset.pixels.PackPreview;
import dev.onecycle.dataset.pixels.Packed;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.Sightings;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Buckets;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.S3Access;
import dev.onecycle.store.download.Download;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs the pictures of a source. Whatever the source holds, it ends: with a pack, with the reason
 * why there is none, or within seconds after it was told to stop. Safe for any number of threads.
 */
public final class SourcePacker {

  private static final Duration HEED = Duration.ofSeconds(5);

  private final DatasetProperties properties;
  private final Download download;
  private final DiskSpace space;
  private final BucketProperties s3;
  private final Buckets buckets;
  private final Clock clock;

  SourcePacker(
      DatasetProperties properties,
      Download download,
      DiskSpace space,
      BucketProperties s3,
      Buckets buckets,
      Clock clock) {
    this.properties = properties;
    this.download = download;
    this.space = space;
    this.s3 = s3;
    this.buckets = buckets;
    this.clock = clock;
  }

  /** One that may read no bucket. */
  SourcePacker(DatasetProperties properties, Download download, DiskSpace space) {
    this(
        properties,
        download,
        space,
        new BucketProperties(List.of(), null, null, false),
        new Buckets(new S3Access(null, null, false)),
        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  }

  /**
   * Packs the pictures of a source, whether or not they can be understood as {@code spec} says.
   *
   * <p>They go into {@code pack}, beside which a download lies meanwhile. What was written before a
   * failure is of no use.
   *
   * @param sent what was uploaded
   * @throws Failure for what the caller can act on
   * @throws java.util.concurrent.CancellationException when {@code watch} asks to stop
   * @throws IOException when the disk does not take the pack
   */
  public Packed pack(Source source, Sent sent, ImportSpec spec, Path pack, ImportWatch watch)
      throws IOException {
    Reading reading = new Reading();
    Path downloaded = pack.resolveSibling(pack.getFileName() + ".download");
    try {
      return new ReadingThread(properties.maxStall(), HEED)
          .run(
              reading,
              watch,
              () -> pack(open(source, sent, spec, downloaded, reading), sent, spec, pack, reading));
    } finally {
      Files.deleteIfExists(downloaded);
    }
  }

  /**
   * A table of labels that came beside an archive, or after it.
   *
   * @param name its own, as one in the archive could have
   */
  public record Table(Path file, PicturePath name) {}

  /**
   * What came with a request.
   *
   * @param archive of a source of type upload, else null
   * @param table with labels, beside the archive; null for none
   */
  public record Sent(@Nullable Path archive, @Nullable Table table) {

    /** Nothing. */
    public static Sent nothing() {
      return new Sent(null, null);
    }
  }

  /**
   * Says how a source would be understood, by the names of its files alone: no picture is decoded
   * and nothing is kept.
   *
   * @param scratch a file for a download, deleted before this returns
   * @throws Failure for what the caller can act on
   * @throws IOException when the disk does not take a download
   */
  public DatasetLook look(
      Source source, Sent sent, ImportSpec spec, Path scratch, ImportWatch watch)
      throws IOException {
    Reading reading = new Reading();
    try {
      return new ReadingThread(properties.maxStall(), HEED)
          .run(
              reading,
              watch,
              () -> look(open(source, sent, spec, scratch, reading), sent, spec, reading));
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private static DatasetLook look(PictureFiles files, Sent sent, ImportSpec spec, Reading reading)
      throws IOException {
    reading.begin(files.bytes());
    PackPreview preview = new PackPreview(spec.labels());
    files.visit(new Looking(preview, reading));
    if (sent.table() != null) {
      preview.sightings().addTable(sent.table().name(), Files.readAllBytes(sent.table().file()));
    }
    return DatasetLook.of(preview, spec.split());
  }

  private PictureFiles open(
      Source source, Sent sent, ImportSpec spec, Path downloaded, Reading reading)
      throws IOException {
    ImportLimits limits = properties.limits();
    return switch (source.type()) {
      case SAMPLE -> new SampleFiles();
      case DIRECTORY ->
          new DirectoryFiles(
              requireNonNull(source.path()),
              properties.roots(),
              limits,
              spec.names(),
              reading::step);
      case S3 ->
          new S3Files(
              s3.allowed(requireNonNull(source.url())),
              buckets,
              limits,
              S3Files.Until.within(properties.maxDownloadTime(), clock),
              reading::step,
              reading::isStopped);
      case UPLOAD -> ArchiveFiles.open(requireNonNull(sent.archive()), limits, spec.names());
      case URL -> {
        download.fetch(source.remote(), downloaded, new Downloading(reading));
        yield ArchiveFiles.open(downloaded, limits, spec.names());
      }
    };
  }

  private Packed pack(PictureFiles files, Sent sent, ImportSpec spec, Path pack, Reading reading)
      throws IOException {
    reading.begin(files.bytes());
    Path folder = requireNonNull(pack.getParent());
    space.require(folder, files.bytes());
    DecodeLimits largest = new DecodeLimits(properties.maxPixels());
    try (Packer packer = new Packer(pack, largest, spec.labels(), reading::step)) {
      files.visit(new Packing(packer, folder, reading));
      if (sent.table() != null) {
        packer.addTable(sent.table().name(), Files.readAllBytes(sent.table().file()));
      }
      return packer.complete(spec.split());
    }
  }

  private record Downloading(Reading reading) implements Download.Listener {
    @Override
    public void total(long bytes) {
      reading.begin(bytes);
    }

    @Override
    public void accept(long bytes) {
      reading.advance(bytes);
    }
  }

  /** Tells pictures, tables and what else there is apart. */
  private abstract static class Sorting implements PictureFiles.Visitor {
    private final Sightings sightings;
    private final Reading reading;

    private Sorting(Sightings sightings, Reading reading) {
      this.sightings = sightings;
      this.reading = reading;
    }

    @Override
    public boolean wants(PicturePath path) {
      boolean picture = path.isPicture() && !path.hidden();
      if (picture && path.problem() != null) {
        leftOut(path, path.problem());
      }
      if (!picture) {
        sightings.ignore(path);
      }
      return picture ? path.problem() == null : sightings.wantsTable(path);
    }

    @Override
    public void note(String warning) {
      sightings.note(warning);
    }

    @Override
    public void advanced(long bytes) {
      reading.advance(bytes);
    }
  }

  /** Feeds the packer, as long as there is room and nobody said stop. */
  private final class Packing extends Sorting {
    /** What is held of a folder beside its path, in characters. */
    private static final int FOLDER = 50;

    private final Packer packer;
    private final Path directory;
    private final Reading reading;
    private long characters;

    private Packing(Packer packer, Path directory, Reading reading) {
      super(packer.sightings(), reading);
      this.packer = packer;
      this.directory = directory;
      this.reading = reading;
    }

    @Override
    public void folder(PicturePath path) {
      ImportLimits.requireMemory(packer.packed(), characters += path.length() + FOLDER);
      packer.folder(path);
    }

    @Override
    public void picture(PicturePath path, byte[] bytes) throws IOException {
      space.require(directory, bytes.length);
      if (path.isPicture()) {
        ImportLimits.requireMemory(packer.packed(), characters += path.length());
        packer.add(path, bytes);
      } else {
        packer.addTable(path, bytes);
      }
      reading.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void sameAs(PicturePath path, String earlier) throws IOException {
      packer.addAgain(path, earlier);
      reading.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void leftOut(PicturePath path, String why) {
      if (path.hidden()) {
        packer.sightings().ignore(path);
      } else {
        packer.leaveOut(path, why);
      }
      reading.count(packer.packed(), packer.leftOut());
    }
  }

  /** Looks at names, and reads tables alone. */
  private static final class Looking extends Sorting {
    private final PackPreview preview;

    private Looking(PackPreview preview, Reading reading) {
      super(preview.sightings(), reading);
      this.preview = preview;
    }

    @Override
    public void folder(PicturePath path) {
      // A folder without pictures says nothing of those that there are.
    }

    @Override
    public boolean wants(PicturePath path) {
      boolean wanted = super.wants(path);
      if (wanted && path.isPicture()) {
        preview.add(path);
      }
      return wanted && !path.isPicture();
    }

    @Override
    public void picture(PicturePath path, byte[] bytes) {
      preview.sightings().addTable(path, bytes);
    }

    @Override
    public void sameAs(PicturePath path, String earlier) {
      preview.add(path);
    }

    @Override
    public void leftOut(PicturePath path, String why) {
      if (path.hidden()) {
        preview.sightings().ignore(path);
      } else {
        preview.leaveOut(path, why);
      }
    }
  }
}
