package dev.onecycle.work;

import dev.onecycle.run.output.OutputPart;
import dev.onecycle.store.BlobStore;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * The predictions that a run has written so far: its complete parts, read one after the other.
 *
 * @param parts in order
 */
public record StoredPredictions(List<OutputPart> parts) {

  public StoredPredictions {
    parts = List.copyOf(parts);
  }

  /** Returns a name for exactly these bytes. */
  public String tag() {
    StringBuilder checksums = new StringBuilder();
    parts.forEach(part -> checksums.append(part.file().sha256()));
    return UUID.nameUUIDFromBytes(checksums.toString().getBytes(StandardCharsets.US_ASCII))
        .toString();
  }

  /** Returns how many bytes its lines have. */
  public long bytes() {
    return parts.stream().mapToLong(part -> part.file().size()).sum();
  }

  /** Its lines, each a {@link PredictedPicture}; a part is opened when the one before is read. */
  @SuppressWarnings("JdkObsolete") // SequenceInputStream knows no iterators
  public InputStream lines(BlobStore store) {
    Iterator<OutputPart> left = parts.iterator();
    return new SequenceInputStream(
        new Enumeration<InputStream>() {
          @Override
          public boolean hasMoreElements() {
            return left.hasNext();
          }

          @Override
          public InputStream nextElement() {
            return store.get(left.next().file().key());
          }
        });
  }
}
