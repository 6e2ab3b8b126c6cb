package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PackIndex;
import dev.onecycle.dataset.pixels.PackIndexes;
import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Opens the pictures of datasets that are READY. */
@Component
public class DatasetReader {

  private final Datasets datasets;
  private final DatasetAudits audits;
  private final BlobStore store;
  private final PackIndexes indexes = new PackIndexes();

  DatasetReader(Datasets datasets, DatasetAudits audits, BlobStore store) {
    this.datasets = datasets;
    this.audits = audits;
    this.store = store;
  }

  /**
   * Opens a dataset for a run, after comparing its bytes with their checksum; the caller closes it.
   *
   * @throws Failure.NotFound if there is none
   * @throws Failure.Conflict unless it is READY
   * @throws Failure.Unavailable if its pictures are damaged
   */
  public DatasetSnapshot open(UUID id) {
    Dataset dataset = datasets.required(id);
    store.verify(dataset.requireReady().archive());
    Blob index = dataset.packIndex();
    if (index != null) {
      store.verify(index);
    }
    return snapshot(dataset);
  }

  /**
   * The dataset under whose id the pixels of its pictures are kept: all its versions share them.
   */
  public UUID pixels(UUID id) {
    return datasets.required(id).first();
  }

  /** As {@link #open} without reading everything first: to look at single pictures. */
  public DatasetSnapshot browse(UUID id) {
    return snapshot(datasets.required(id));
  }

  /**
   * What the import found.
   *
   * @throws Failure.NotFound if there is no such dataset
   * @throws Failure.Conflict unless it is READY
   * @throws Failure.Unavailable if it cannot be read
   */
  public Audit audit(UUID id) {
    datasets.required(id).requireReady();
    Audit audit = audits.findById(id).orElseThrow().document();
    if (audit == null) {
      throw new Failure.Unavailable(
          "the audit of dataset " + id + " cannot be read", "Import the pictures again.", null);
    }
    return audit;
  }

  private DatasetSnapshot snapshot(Dataset dataset) {
    Dataset.Contents contents = dataset.requireReady();
    Path pack = store.file(contents.archive());
    Blob anew = dataset.packIndex();
    PackIndex index =
        anew == null
            ? indexes.of(contents.archive().sha256(), () -> PackIndex.read(pack, null))
            : indexes.of(anew.sha256(), () -> PackIndex.read(pack, store.file(anew)));
    return new DatasetSnapshot(
        PackedPictures.open(pack, index), dataset.split(), contents.statistics());
  }
}
