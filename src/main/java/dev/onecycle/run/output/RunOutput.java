package dev.onecycle.run.output;

import dev.onecycle.store.Blob;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.util.UUID;

/** A part of a run's output that counts. Its row is written after its file is safely stored. */
@Entity
class RunOutput {

  @Embeddable
  record Key(UUID runId, int part) {}

  @EmbeddedId private Key key;

  private int items;
  private int problems;
  private String lastItem;
  private String fileKey;
  private long fileBytes;
  private String fileSha256;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected RunOutput() {}

  RunOutput(UUID run, OutputPart part) {
    this.key = new Key(run, part.number());
    this.items = part.items();
    this.problems = part.problems();
    this.lastItem = part.last();
    this.fileKey = part.file().key();
    this.fileBytes = part.file().size();
    this.fileSha256 = part.file().sha256();
  }

  OutputPart part() {
    Blob file = new Blob(fileKey, fileBytes, fileSha256);
    return new OutputPart(key.part(), items, problems, lastItem, file);
  }
}
