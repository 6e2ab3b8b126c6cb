package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Buckets;
import dev.onecycle.store.download.RemoteFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset's pictures come from.
 *
 * @param path of a directory; of an upload the name of the file as it was sent, only to be shown
 * @param url of an archive, https; of a place in a bucket {@code s3://bucket/prefix}
 * @param sha256 that the archive at the URL must have, or null
 */
public record Source(
    Type type, @Nullable String path, @Nullable String url, @Nullable String sha256) {

  /** The kinds of sources. */
  public enum Type {
    /** A directory of the service's machine, below {@code onecycle.dataset.roots}. */
    @JsonProperty("directory")
    DIRECTORY,
    /** An archive on a public https server. */
    @JsonProperty("url")
    URL,
    /** The bundled drawings. */
    @JsonProperty("sample")
    SAMPLE,
    /** The objects of a bucket below a prefix, in {@code onecycle.dataset.s3.roots}. */
    @JsonProperty("s3")
    S3,
    /** An archive sent with the request. */
    @JsonProperty("upload")
    UPLOAD
  }

  public Source {
    require(type != null, "source.type", "must be directory, url, s3 or sample", null);
    require(type != Type.DIRECTORY || present(path), "source.path", "is missing", null);
    boolean located = type == Type.URL || type == Type.S3;
    require(!located || present(url), "source.url", "is missing", null);
    require(located || url == null, "source.url", "belongs to type url or s3", type);
    require(type == Type.URL || sha256 == null, "source.sha256", "belongs to type url", type);
    require(type != Type.SAMPLE || path == null, "source.path", "belongs to type directory", type);
    require(!located || path == null, "source.path", "belongs to type directory", type);
    if (type == Type.S3) {
      Buckets.Place.of(requireNonNull(url));
    }
    if (type == Type.URL) {
      RemoteFile remote = new RemoteFile(requireNonNull(url), sha256);
      sha256 = remote.sha256();
    }
  }

  /** The bundled drawings. */
  public static Source sample() {
    return new Source(Type.SAMPLE, null, null, null);
  }

  /** A file that was sent under this name. */
  public static Source upload(String fileName) {
    return new Source(Type.UPLOAD, fileName, null, null);
  }

  private static boolean present(@Nullable String text) {
    return text != null && !text.isBlank() && text.length() <= 4_000 && text.indexOf('\0') < 0;
  }

  /** The archive of a source of type url. */
  RemoteFile remote() {
    return new RemoteFile(requireNonNull(url), sha256);
  }

  /**
   * Makes sure that a URL's port is one.
   *
   * @throws Failure.Invalid for a port that no machine has
   */
  void requirePort() {
    if (type == Type.URL) {
      remote().requirePort();
    }
  }

  private static void require(boolean right, String field, String message, @Nullable Object limit) {
    if (!right) {
      throw new Failure.Invalid(
          field + " " + message,
          null,
          List.of(new Failure.FieldError(field, message, null, limit)));
    }
  }
}
