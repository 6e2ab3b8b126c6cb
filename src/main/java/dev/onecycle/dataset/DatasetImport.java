package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One attempt at one import: finds the files, packs them, answers what was found. */
final class DatasetImport {

  /** Where imports may read and write. */
  record Places(
      Path uploads, Path work, DatasetProperties properties, Download download, DiskSpace space) {}

  private final Claim claim;
  private final Places places;
  private final ImportProgress progress;

  DatasetImport(Claim claim, Places places, ImportProgress progress) {
    this.claim = claim;
    this.places = places;
    this.progress = progress;
  }

  /** The file that {@link #run} packs into. */
  Path pack() {
    return work("pack");
  }

  private Path downloaded() {
    return work("download");
  }

  private Path work(String kind) {
    return places.work().resolve(claim.dataset() + "-" + claim.attempt() + "." + kind);
  }

  /**
   * Packs the pictures. Throws {@link Failure} for what the caller can act on,
   * CancellationException when told to stop, IOException when the disk does not take the pack.
   */
  PackSummary run() throws IOException {
    try {
      PictureFiles files = open();
      progress.begin(files.bytes());
      places.space().require(places.work(), files.bytes());
      try (Packer packer = new Packer(pack())) {
        files.visit(new Packing(packer));
        return packer.finish(claim.split());
      }
    } finally {
      Files.deleteIfExists(downloaded());
    }
  }

  private PictureFiles open() throws IOException {
    ImportLimits limits = ImportLimits.of(places.properties());
    Source source = claim.source();
    return switch (source.type()) {
      case SAMPLE -> new SampleFiles();
      case DIRECTORY -> new DirectoryFiles(source.path(), places.properties().roots(), limits);
      case UPLOAD -> ArchiveFiles.open(uploaded(), limits);
      case URL -> {
        places.download().fetch(source, downloaded(), new Downloading());
        yield ArchiveFiles.open(downloaded(), limits);
      }
    };
  }

  private Path uploaded() {
    Path upload = places.uploads().resolve(claim.uploadFile());
    if (!Files.exists(upload)) {
      throw new Failure.Invalid(
          "the import was interrupted and the uploaded file is gone", "Upload it again.");
    }
    return upload;
  }

  private final class Downloading implements Download.Listener {
    @Override
    public void total(long bytes) {
      progress.begin(bytes);
    }

    @Override
    public void accept(long bytes) {
      progress.advance(bytes);
    }
  }

  /** Feeds the packer, as long as there is room and nobody said stop. */
  private final class Packing implements PictureFiles.Visitor {
    private final Packer packer;

    private Packing(Packer packer) {
      this.packer = packer;
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
      places.space().require(places.work(), bytes.length);
      packer.add(path, bytes);
      progress.count(packer.packed(), packer.leftOut());
    }

    @Override
    public void advanced(long bytes) {
      progress.advance(bytes);
    }
  }
}
