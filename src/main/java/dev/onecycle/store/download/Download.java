package dev.onecycle.store.download;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.Failure;
import dev.onecycle.store.Checksum;
import dev.onecycle.store.DiskSpace;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;

/**
 * Fetches a file from a public https server: no other scheme, no address that is not public, at the
 * first server as after every redirect, bounded in bytes and time. Safe for any number of threads.
 */
public final class Download {

  private static final int MAX_REDIRECTS = 5;
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String FIX = "Download the file yourself and upload it.";

  /** Hears how far the download is. */
  public interface Listener extends LongConsumer {

    /** Nobody. */
    Listener NONE =
        new Listener() {
          @Override
          public void total(long bytes) {}

          @Override
          public void accept(long bytes) {}
        };

    /** The server says how many bytes will come. */
    void total(long bytes);

    /** So many bytes more have come; may throw to end the download. */
    @Override
    void accept(long bytes);
  }

  private final Connections connections;
  private final DiskSpace space;
  private final Limits limits;
  private final Clock clock;

  /**
   * Bounds of a download.
   *
   * @param setting that raises {@code bytes}
   */
  public record Limits(long bytes, Duration time, String setting) {}

  /** Makes one that asks public servers, and trusts those that Java trusts. */
  public Download(DiskSpace space, Limits limits, Clock clock) {
    this(Connections.toPublic(), space, limits, clock);
  }

  Download(Connections connections, DiskSpace space, Limits limits, Clock clock) {
    this.connections = connections;
    this.space = space;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Fetches {@code source} into {@code target}.
   *
   * @throws Failure.Invalid if the server may not be asked, does not answer 200, sends too much or
   *     another checksum than {@code source} wants
   * @throws Failure.Unavailable if the disk has no room for it
   */
  public void fetch(RemoteFile source, Path target, Listener listener) throws IOException {
    HttpURLConnection connection = open(source.uri());
    try {
      long length = connection.getContentLengthLong();
      requireWithin(length);
      if (length >= 0) {
        listener.total(length);
        space.require(requireNonNull(target.getParent()), length);
      }
      String sha256 = copy(connection, length, target, listener);
      if (source.sha256() != null && !source.sha256().equals(sha256)) {
        throw new Failure.Invalid(
            "the file has SHA-256 %s, expected %s".formatted(sha256, source.sha256()),
            "Check source.sha256, or whether the file at the URL was changed.");
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(URI start) {
    URI uri = start;
    for (int redirect = 0; redirect <= MAX_REDIRECTS; redirect++) {
      try {
        HttpURLConnection connection = connect(uri);
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
          return connection;
        }
        String location = connection.getHeaderField("Location");
        connection.disconnect();
        if (status < 300 || status > 399 || location == null) {
          throw new Failure.Invalid("%s answered %d".formatted(uri.getHost(), status), FIX);
        }
        uri = uri.resolve(location);
      } catch (GuardedSockets.Refused e) {
        throw new Failure.Invalid(
            requireNonNull(e.getMessage()), "Imports read public servers only.");
      } catch (Failure e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        // A server's redirect may be any text, and the JDK answers some with what it stumbles into.
        throw broken(uri, e);
      }
    }
    throw new Failure.Invalid("more than " + MAX_REDIRECTS + " redirects", FIX);
  }

  private HttpURLConnection connect(URI uri) throws IOException {
    if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new Failure.Invalid(
          "a redirect leads away from https", "Give the URL that the file really has.");
    }
    HttpURLConnection connection = connections.open(uri, SILENCE);
    connection.setRequestProperty("Accept-Encoding", "identity");
    return connection;
  }

  private String copy(HttpURLConnection connection, long length, Path target, Listener listener)
      throws IOException {
    // Whoever waits may have gone while the server thought: nothing may be written any more then.
    listener.accept(0);
    try (OutputStream out = Files.newOutputStream(target);
        Bounded in = new Bounded(bytes(connection), target, listener)) {
      String sha256 = Checksum.copy("download", in, out).sha256();
      if (length >= 0 && in.count != length) {
        throw new Failure.Invalid(
            "the download broke off after %d of %d bytes".formatted(in.count, length), FIX);
      }
      return sha256;
    }
  }

  private static InputStream bytes(HttpURLConnection connection) {
    try {
      return connection.getInputStream();
    } catch (IOException e) {
      throw broken(URI.create(connection.getURL().toString()), e);
    }
  }

  private void requireWithin(long bytes) {
    if (bytes > limits.bytes) {
      throw new Failure.Invalid(
          "the file has %d bytes or more > maximum %d".formatted(bytes, limits.bytes),
          "Take a smaller one, or raise " + limits.setting + ".");
    }
  }

  private static Failure.Invalid broken(URI uri, Exception e) {
    return new Failure.Invalid(
        "reading from %s failed: %s".formatted(uri.getHost(), e.getMessage()), FIX);
  }

  /** The server's bytes, as many and as long as allowed. */
  private final class Bounded extends FilterInputStream {
    private final Path target;
    private final LongConsumer listener;
    private final Instant end = clock.instant().plus(limits.time);
    private long count;

    private Bounded(InputStream in, Path target, LongConsumer listener) {
      super(in);
      this.target = target;
      this.listener = listener;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int read;
      try {
        read = in.read(bytes, offset, length);
      } catch (IOException e) {
        throw new Failure.Invalid(
            "the download broke off after %d bytes: %s".formatted(count, e.getMessage()), FIX);
      }
      count += Math.max(0, read);
      requireWithin(count);
      space.require(requireNonNull(target.getParent()), 0);
      if (clock.instant().isAfter(end)) {
        throw new Failure.Invalid("the download takes longer than " + limits.time, FIX);
      }
      listener.accept(Math.max(0, read));
      return read;
    }
  }
}
