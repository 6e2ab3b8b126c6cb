package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  SourcePacker(DatasetProperties properties, Download download, DiskSpace space) {
    this.properties = properties;
    this.download = download;
    this.space = space;
  }

  /**
   * Packs into {@code pack}, beside which a download lies meanwhile. What was written before a
   * failure is of no use.
   *
   * @param upload the archive of a source of type upload, else null
   * @throws Failure for what the caller can act on
   * @throws java.util.concurrent.CancellationException when {@code watch} asks to stop
   * @throws IOException when the disk does not take the pack
   */
  public PackSummary pack(
      Source source, @Nullable Path upload, SplitSpec split, Path pack, ImportWatch watch)
      throws IOException {
    Reading reading = new Reading();
    Path downloaded = pack.resolveSibling(pack.getFileName() + ".download");
    try {
      return new ReadingThread(properties.maxStall(), HEED)
          .run(
              reading,
              watch,
              () -> pack(open(source, upload, downloaded, reading), split, pack, reading));
    } finally {
      Files.deleteIfExists(downloaded);
    }
  }

  private PictureFiles open(Source source, @Nullable Path upload, Path downloaded, Reading reading)
      throws IOException {
    ImportLimits limits = ImportLimits.of(properties);
    return switch (source.type()) {
      case SAMPLE -> new SampleFiles();
      case DIRECTORY ->
          new DirectoryFiles(
              requireNonNull(source.path()), properties.roots(), limits, reading::step);
      case UPLOAD -> ArchiveFiles.open(requireNonNull(upload), limits);
      case URL -> {
        download.fetch(source, downloaded, new Downloading(reading));
        yield ArchiveFiles.open(downloaded, limits);
      }
    };
  }

  private PackSummary pack(PictureFiles files, SplitSpec split, Path pack, Reading reading)
      throws IOException {
    reading.begin(files.bytes());
    Path folder = requireNonNull(pack.getParent());
    space.require(folder, files.bytes());
    DecodeLimits largest = new DecodeLimits(properties.maxPixels());
    try (Packer packer = new Packer(pack, largest, reading::step)) {
      files.visit(new Packing(packer, folder, reading));
      return packer.finish(split);
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

  /** Feeds the packer, as long as there is room and nobody said stop. */
  private final class Packing implements PictureFiles.Visitor {
    private final Packer packer;
    private final Path directory;
    private final Reading reading;

    private Packing(Packer packer, Path directory, Reading reading) {
      this.packer = packer;
      this.directory = directory;
      this.reading = reading;
    }

    @Override
    public void folder(PicturePath path) {
      packer.folder(path);
    }

    @Override
    public boolean wants(PicturePath path) {
      boolean wanted = path.isPicture() && !path.isHidden();
      if (!wanted) {
        packer.ignore(path);
      }
      return wanted;
    }

    @Override
    public void picture(PicturePath path, byte[] bytes) throws IOException {
      space.require(directory, bytes.length);
      packer.add(path, bytes);
      reading.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void sameAs(PicturePath path, String earlier) throws IOException {
      packer.addAgain(path, earlier);
      reading.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void leftOut(PicturePath path, String why) {
      if (!path.isHidden()) {
        packer.leaveOut(path, why);
      }
      reading.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void advanced(long bytes) {
      reading.advance(bytes);
    }
  }
}
