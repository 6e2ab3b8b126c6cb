package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store in a bucket of S3, or of what speaks its protocol: a blob's key is its object's below a
 * prefix. For credentials see {@link S3Access}.
 *
 * <p>An object appears whole or not at all, and what leads to it is S3's own durability. Its bytes
 * are compared with their SHA-256 whenever they come back, so that no checksum extensions are asked
 * of servers that may not know them.
 */
public final class S3Store implements BlobStore, AutoCloseable {

  /** Larger files go in parts of this size. */
  private static final int PART = 16 << 20;

  /** S3 takes no more parts of one object. */
  private static final int MOST_PARTS = 10_000;

  private static final int NOT_FOUND = 404;

  private final S3Client s3;
  private final String bucket;
  private final String prefix;
  private final LocalCopies copies;
  private final int part;

  S3Store(S3Properties properties, LocalCopies copies) {
    this(properties, copies, PART);
  }

  S3Store(S3Properties properties, LocalCopies copies, int part) {
    S3Access access =
        new S3Access(properties.region(), properties.endpoint(), properties.pathStyle());
    this.s3 = access.client(Duration.ofMinutes(1));
    this.bucket = Objects.requireNonNull(properties.bucket());
    this.prefix = properties.prefix();
    this.copies = copies;
    this.part = part;
  }

  @Override
  public Blob put(String key, InputStream bytes) {
    String object = object(key);
    Path file = copies.incoming();
    try {
      Blob blob;
      try (OutputStream out = Files.newOutputStream(file)) {
        blob = Checksum.copy(key, bytes, out);
      }
      upload(object, file, blob.size());
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure(key, e);
    } finally {
      file.toFile().delete();
    }
  }

  /** Stores a file, which becomes the local copy: who wrote it is likely to read it. */
  @Override
  public Blob put(String key, Path file) {
    try {
      Blob blob = upload(key, file);
      copies.keep(blob, file);
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure(key, e);
    }
  }

  @Override
  public Blob putAway(String key, Path file) {
    try {
      Blob blob = upload(key, file);
      Files.delete(file);
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure(key, e);
    }
  }

  private Blob upload(String key, Path file) throws IOException {
    String object = object(key);
    Blob blob;
    try (InputStream bytes = Files.newInputStream(file)) {
      blob = Checksum.of(key, bytes);
    }
    upload(object, file, blob.size());
    return blob;
  }

  private void upload(String object, Path file, long size) throws IOException {
    try {
      if (size <= part) {
        s3.putObject(r -> r.bucket(bucket).key(object), RequestBody.fromFile(file));
      } else {
        uploadParts(object, file, size);
      }
    } catch (SdkException e) {
      throw new Failure.Unavailable(
          object + " could not be written to bucket " + bucket + ": " + e.getMessage(),
          "Look whether the bucket is there and may be written to.",
          e);
    }
  }

  private void uploadParts(String object, Path file, long size) throws IOException {
    int length = (int) Math.max(part, size / MOST_PARTS + 1);
    String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key(object)).uploadId();
    try (InputStream bytes = Files.newInputStream(file)) {
      List<CompletedPart> parts = new ArrayList<>();
      for (byte[] next = bytes.readNBytes(length);
          next.length > 0;
          next = bytes.readNBytes(length)) {
        parts.add(uploadPart(object, upload, parts.size() + 1, next));
      }
      s3.completeMultipartUpload(
          r -> r.bucket(bucket).key(object).uploadId(upload).multipartUpload(m -> m.parts(parts)));
    } catch (IOException | RuntimeException e) {
      abort(object, upload, e);
      throw e;
    }
  }

  private CompletedPart uploadPart(String object, String upload, int number, byte[] bytes) {
    String tag =
        s3.uploadPart(
                r -> r.bucket(bucket).key(object).uploadId(upload).partNumber(number),
                RequestBody.fromBytes(bytes))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private void abort(String object, String upload, Exception cause) {
    try {
      s3.abortMultipartUpload(r -> r.bucket(bucket).key(object).uploadId(upload));
    } catch (SdkException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public InputStream get(String key) {
    String object = object(key);
    return reading(key, () -> s3.getObject(r -> r.bucket(bucket).key(object)));
  }

  /** Returns the local copy, made where there is none: it is kept as long as there is room. */
  @Override
  public Path file(Blob blob) {
    Key.checked(blob.key());
    return copies.get(blob, () -> get(blob.key()));
  }

  /** Reads the local copy, and the object itself where there is none or it is damaged. */
  @Override
  public void verify(Blob expected) {
    try (InputStream bytes = Files.newInputStream(file(expected))) {
      if (!Checksum.of(expected.key(), bytes).equals(expected)) {
        copies.drop(expected);
        file(expected);
      }
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "the local copy of " + expected.key() + " cannot be read: " + Reason.of(e), null, e);
    }
  }

  @Override
  public long size(String key) {
    String object = object(key);
    return reading(key, () -> s3.headObject(r -> r.bucket(bucket).key(object)).contentLength());
  }

  @Override
  public Instant modified(String key) {
    String object = object(key);
    return reading(key, () -> s3.headObject(r -> r.bucket(bucket).key(object)).lastModified());
  }

  @Override
  public long bytes() {
    return reading(
        "",
        () ->
            s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(this.prefix)).contents().stream()
                .mapToLong(S3Object::size)
                .sum());
  }

  @Override
  public List<String> list(String prefix) {
    return reading(
        prefix,
        () ->
            s3
                .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(this.prefix + prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .map(object -> object.substring(this.prefix.length()))
                .sorted()
                .toList());
  }

  @Override
  public void delete(String key) {
    String object = object(key);
    try {
      s3.deleteObject(r -> r.bucket(bucket).key(object));
    } catch (SdkException e) {
      throw new Failure.Unavailable(key + " could not be deleted: " + e.getMessage(), null, e);
    }
  }

  @Override
  public void close() {
    s3.close();
  }

  private String object(String key) {
    return prefix + Key.checked(key);
  }

  private <T> T reading(String key, Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND) {
        throw new Failure.NotFound("there is no stored file " + key);
      }
      throw new Failure.Unavailable(
          "stored file " + key + " cannot be read: " + e.getMessage(), null, e);
    }
  }
}
