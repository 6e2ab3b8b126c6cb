package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Buckets of S3 that are read and never written, others than the store's own. Each method waits for
 * an answer for at most two minutes. Safe for any number of threads.
 */
public final class Buckets implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Buckets.class);

  /** The AWS SDK asks up to four times. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final S3Access access;
  private @Nullable S3Client client;

  /** Connects to nothing before it is asked. */
  public Buckets(S3Access access) {
    this.access = access;
  }

  /** An object of so many bytes. */
  public record Found(String key, long bytes) {}

  /**
   * A part of a listing, in the order of keys.
   *
   * @param next what to ask for the next part with; null after the last
   */
  public record Page(List<Found> objects, @Nullable String next) {}

  /**
   * A folder in a bucket: the objects whose keys begin with its prefix.
   *
   * @param prefix ends with a slash; empty for the whole bucket
   */
  public record Place(String bucket, String prefix) {

    private static final Pattern URL =
        Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+([^\\p{Cntrl}]*))?");

    private static final int MAX_URL = 1_000;

    /**
     * Reads {@code s3://bucket/prefix}; what stands behind the bucket is taken as it is.
     *
     * @throws Failure.Invalid naming {@code source.url}
     */
    public static Place of(String url) {
      Matcher parts = URL.matcher(url);
      if (url.length() > MAX_URL || !parts.matches()) {
        String message = "must be s3://bucket/prefix, of at most " + MAX_URL + " characters";
        throw new Failure.Invalid(
            "source.url " + message,
            null,
            List.of(new Failure.FieldError("source.url", message, null, "s3://...")));
      }
      String prefix = parts.group(2) == null ? "" : parts.group(2);
      return new Place(
          parts.group(1), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    /** Whether {@code other} is this, or lies in it. */
    public boolean holds(Place other) {
      return bucket.equals(other.bucket) && other.prefix.startsWith(prefix);
    }

    @Override
    public String toString() {
      return "s3://" + bucket + "/" + prefix;
    }
  }

  /**
   * Lists the objects of a place, a thousand at a time.
   *
   * @param from null, or what the part before said
   * @throws Failure.Invalid if the bucket cannot be listed
   * @throws CancellationException if the thread is interrupted
   */
  public Page list(Place place, @Nullable String from) {
    ListObjectsV2Response page =
        asking(
            "bucket " + place.bucket,
            s3 ->
                s3.listObjectsV2(
                    r -> r.bucket(place.bucket).prefix(place.prefix).continuationToken(from)));
    return new Page(
        page.contents().stream().map(o -> new Found(o.key(), o.size())).toList(),
        Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null);
  }

  /**
   * The bytes of an object, to be closed by the caller.
   *
   * @param key the whole of it, with the place's prefix
   * @throws Failure.Invalid if it cannot be read
   * @throws CancellationException if the thread is interrupted
   */
  public InputStream read(Place place, String key) {
    return new Bytes(
        asking(
            "object " + key + " of bucket " + place.bucket,
            s3 -> s3.getObject(r -> r.bucket(place.bucket).key(key))));
  }

  private <T> T asking(String what, Function<S3Client, T> request) {
    try {
      return request.apply(client());
    } catch (S3Exception e) {
      String code = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
      throw new Failure.Invalid(
          "%s cannot be read: its server answered %d%s".formatted(what, e.statusCode(), code),
          "Look whether it is there, and whether the service's credentials may list and read it.");
    } catch (AbortedException e) {
      throw new CancellationException("reading " + what + " was interrupted");
    } catch (SdkException e) {
      log.warn("{} cannot be read: {}", what, e.getMessage());
      throw new Failure.Invalid(
          what + " cannot be read: its server does not answer, or there are no credentials for it",
          "Ask who runs the service: its log says more.");
    }
  }

  private synchronized S3Client client() {
    S3Client open = client;
    if (open == null) {
      open = access.client(SILENCE);
      client = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }

  /** An answer, which is cut off where it is closed before its end: the rest may be gigabytes. */
  private static final class Bytes extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> answer;
    private boolean ended;

    private Bytes(ResponseInputStream<GetObjectResponse> answer) {
      super(answer);
      this.answer = answer;
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      ended |= read < 0;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      ended |= read < 0;
      return read;
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        answer.close();
      } else {
        answer.abort();
      }
    }
  }
}
