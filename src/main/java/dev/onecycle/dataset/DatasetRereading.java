package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackRereading;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.LabelRule;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Understands imported datasets in another way, without what they were imported from. Their
 * pictures keep their numbers, so whatever was made of their pixels stays right.
 */
@Component
public class DatasetRereading {

  private final Datasets datasets;
  private final DatasetAudits audits;
  private final BlobStore store;
  private final TransactionTemplate transactions;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  DatasetRereading(
      Datasets datasets,
      DatasetAudits audits,
      BlobStore store,
      PlatformTransactionManager transactions,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.datasets = datasets;
    this.audits = audits;
    this.store = store;
    this.transactions = new TransactionTemplate(transactions);
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Understands a dataset by other rules; where that fails, it stays as it was.
   *
   * @param rule null: as before
   * @param split null: as before
   * @param table sent for that, which is kept in the place of one sent before; null: none
   * @param allowed asked in the transaction that changes the dataset; throws what is in the way
   * @throws Failure.Conflict unless it is READY, or FAILED because it was not understood; or where
   *     there are versions of it
   * @throws Failure.Invalid if there is nothing to learn from it that way
   */
  public void reread(
      UUID id,
      @Nullable LabelRule rule,
      @Nullable SplitSpec split,
      SourcePacker.@Nullable Table table,
      Runnable allowed) {
    Dataset dataset = datasets.required(id);
    dataset.requirePack();
    DatasetVersions.requireNone(dataset, datasets.versions(dataset.first(), 0, Limit.of(2)));
    allowed.run();
    LabelRule labels = rule == null ? dataset.spec().labels() : rule;
    PackRereading again = again(dataset, labels, split == null ? dataset.split() : split, table);
    List<Blob> stored = new ArrayList<>();
    boolean kept = false;
    try {
      Blob index = store.put(DatasetFiles.index(id), again.index());
      stored.add(index);
      LabelTableUpload sent = table == null ? null : stored(id, table, stored);
      transactions.executeWithoutResult(status -> keep(id, again, labels, index, sent, allowed));
      kept = true;
    } finally {
      if (!kept) {
        stored.forEach(blob -> store.delete(blob.key()));
      }
    }
  }

  private LabelTableUpload stored(UUID id, SourcePacker.Table table, List<Blob> stored) {
    Blob blob = store.put(DatasetFiles.table(id), new ByteArrayInputStream(bytes(table.file())));
    stored.add(blob);
    return new LabelTableUpload(table.name().toString(), blob);
  }

  private static byte[] bytes(Path table) {
    try {
      return Files.readAllBytes(table);
    } catch (IOException e) {
      String message = "the table of labels cannot be read: " + Reason.of(e);
      throw new Failure.Unavailable(message, "Send it again.", e);
    }
  }

  private PackRereading again(
      Dataset dataset, LabelRule labels, SplitSpec split, SourcePacker.@Nullable Table table) {
    Blob index = dataset.packIndex();
    try {
      return PackRereading.of(
          store.file(dataset.requirePack()),
          index == null ? null : store.file(index),
          sent(dataset, table),
          labels,
          split,
          audits.findById(dataset.id()).orElseThrow().document(),
          dataset.layout());
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "the pictures of dataset %s cannot be read: %s".formatted(dataset.id(), Reason.of(e)),
          "Import them again.",
          e);
    }
  }

  /** The table that counts beside those of the pack, by its name. */
  private Map<String, byte[]> sent(Dataset dataset, SourcePacker.@Nullable Table table) {
    LabelTableUpload before = dataset.labelTable();
    if (table != null) {
      return Map.of(table.name().toString(), bytes(table.file()));
    }
    return before == null ? Map.of() : Map.of(before.name(), bytes(store.file(before.blob())));
  }

  private void keep(
      UUID id,
      PackRereading again,
      LabelRule labels,
      Blob index,
      @Nullable LabelTableUpload table,
      Runnable allowed) {
    List<Dataset> versions = datasets.lockVersions(id);
    Dataset dataset =
        versions.stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> gone(id));
    DatasetVersions.requireNone(dataset, versions);
    allowed.run();
    Blob before = dataset.packIndex();
    LabelTableUpload tableBefore = dataset.labelTable();
    dataset.reread(again.summary(), labels, index, table, clock.instant());
    datasets.save(dataset);
    audits.findById(id).ifPresent(audit -> audit.replace(again.summary().audit()));
    if (before != null) {
      publisher.publishEvent(new DatasetFiles.Superseded(before));
    }
    if (table != null && tableBefore != null) {
      publisher.publishEvent(new DatasetFiles.Superseded(tableBefore.blob()));
    }
  }

  private static Failure gone(UUID id) {
    return new Failure.NotFound("there is no dataset " + id);
  }
}
