package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackSummary;
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
    return places.work().resolve(claim.dataset() + "-" + claim.attempt() + ".pack");
  }

  /**
   * Packs the pictures. Throws {@link Failure} for what the caller can act on,
   * CancellationException when told to stop, IOException when the disk does not take the pack.
   */
  PackSummary run() throws IOException {
    Path upload = claim.uploadFile() == null ? null : uploaded();
    return new SourcePacker(places.properties(), places.download(), places.space())
        .pack(claim.source(), upload, claim.split(), pack(), progress);
  }

  private Path uploaded() {
    Path upload = places.uploads().resolve(claim.uploadFile());
    if (!Files.exists(upload)) {
      throw new Failure.Invalid(
          "the import was interrupted and the uploaded file is gone", "Upload it again.");
    }
    return upload;
  }
}
