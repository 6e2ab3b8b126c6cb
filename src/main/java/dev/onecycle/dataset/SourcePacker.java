package dev.onecycle.dataset;

import dev.onecycle.dataset.layout.PicturePath;
import dev.onecycle.dataset.pixels.PackPreview;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.Sightings;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Packs the pictures of a source. Whatever the source holds, it ends: with a pack, with the reason
 * why there is none, or within seconds after it was told to stop. Safe for any number of threads.
 */
public final class SourcePacker {

  private static final Duration HEED = Duration.ofSeconds(5);

  private final DatasetProperties properties;
  private final Download download;
  private final DiskSpace space;

  SourcePacker(DatasetProperties properties, Download download, DiskSpace space) {
    this.properties = properties;
    this.download = download;
    this.space = space;
  }

  /**
   * Packs into {@code pack}, beside which a download lies meanwhile. Throws {@link Failure} for
   * what the caller can act on, CancellationException when {@code watch} asks to stop, IOException
   * when the disk does not take the pack; then what was written is of no use.
   *
   * @param sent what was uploaded
   */
  public PackSummary pack(Source source, Sent sent, ImportSpec spec, Path pack, ImportWatch watch)
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
   * What came with a request.
   *
   * @param archive of a source of type upload, else null
   * @param table with labels, beside the archive; null for none
   * @param tableName that of the table, or null
   */
  public record Sent(Path archive, Path table, String tableName) {

    /** Nothing. */
    public static Sent nothing() {
      return new Sent(null, null, null);
    }
  }

  /**
   * Says how a source would be understood, by the names of its files alone: no picture is decoded
   * and nothing is kept. Throws as {@link #pack}.
   *
   * @param scratch a file for a download, deleted before this returns
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
              () -> {
                PictureFiles files = open(source, sent, spec, scratch, reading);
                reading.begin(files.bytes());
                PackPreview preview = new PackPreview(spec.labels());
                files.visit(new Looking(preview, reading));
                if (sent.table() != null) {
                  PicturePath table = PicturePath.of(sent.tableName());
                  preview.sightings().addTable(table, Files.readAllBytes(sent.table()));
                }
                return DatasetLook.of(preview, spec.split());
              });
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private PictureFiles open(
      Source source, Sent sent, ImportSpec spec, Path downloaded, Reading reading)
      throws IOException {
    ImportLimits limits = ImportLimits.of(properties);
    return switch (source.type()) {
      case SAMPLE -> new SampleFiles();
      case DIRECTORY ->
          new DirectoryFiles(
              source.path(), properties.roots(), limits, spec.names(), reading::step);
      case UPLOAD -> ArchiveFiles.open(sent.archive(), limits, spec.names());
      case URL -> {
        download.fetch(source, downloaded, new Downloading(reading));
        yield ArchiveFiles.open(downloaded, limits, spec.names());
      }
    };
  }

  private PackSummary pack(
      PictureFiles files, Sent sent, ImportSpec spec, Path pack, Reading reading)
      throws IOException {
    reading.begin(files.bytes());
    space.require(pack.getParent(), files.bytes());
    DecodeLimits largest = new DecodeLimits(properties.maxPixels());
    try (Packer packer = new Packer(pack, largest, spec.labels(), reading::step)) {
      files.visit(new Packing(packer, pack.getParent(), reading));
      if (sent.table() != null) {
        packer.addTable(PicturePath.of(sent.tableName()), Files.readAllBytes(sent.table()));
      }
      return packer.finish(spec.split());
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
    private final Packer packer;
    private final Path directory;
    private final Reading reading;

    private Packing(Packer packer, Path directory, Reading reading) {
      super(packer.sightings(), reading);
      this.packer = packer;
      this.directory = directory;
      this.reading = reading;
    }

    @Override
    public void folder(PicturePath path) {
      packer.folder(path);
    }

    @Override
    public void picture(PicturePath path, byte[] bytes) throws IOException {
      space.require(directory, bytes.length);
      if (path.isPicture()) {
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
