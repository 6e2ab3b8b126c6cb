package dev.onecycle.dataset;

import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import dev.onecycle.store.Buckets;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The objects of a place in a bucket, as they were when they were listed: keys are paths. */
final class S3Files implements PictureFiles {

  private final Buckets.Place place;
  private final Buckets buckets;
  private final ImportLimits limits;
  private final Until until;
  private final List<Buckets.Found> objects = new ArrayList<>();
  private long bytes;

  /** When reading has to be done, which began so long before. */
  record Until(Clock clock, Instant end, Duration time) {

    static Until within(Duration time, Clock clock) {
      return new Until(clock, clock.instant().plus(time), time);
    }

    void require() {
      if (clock.instant().isAfter(end)) {
        throw new Failure.Invalid(
            "reading from the bucket takes longer than " + time,
            "Import less at once, or raise onecycle.dataset.max-download-time.");
      }
    }
  }

  /**
   * Lists the objects.
   *
   * @param step taken before every part of the listing and every object of it; may throw to end it
   * @throws Failure.Invalid if they cannot be listed, or there are none, or too many
   */
  S3Files(Buckets.Place place, Buckets buckets, ImportLimits limits, Until until, Runnable step) {
    this.place = place;
    this.buckets = buckets;
    this.limits = limits;
    this.until = until;
    String next = null;
    do {
      step.run();
      until.require();
      Buckets.Page page = buckets.list(place, next);
      for (Buckets.Found found : page.objects()) {
        step.run();
        objects.add(found);
        bytes += found.bytes();
        limits.requireFiles(objects.size());
      }
      next = page.next();
    } while (next != null);
    if (objects.isEmpty()) {
      throw new Failure.Invalid(
          "there is nothing in " + place, "Look whether the prefix is a folder of pictures.");
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    for (Buckets.Found found : objects) {
      PicturePath path = name(found.key());
      if (found.key().endsWith("/")) {
        visitor.folder(path);
      } else if (visitor.wants(path)) {
        visitor.picture(path, read(found.key(), path, visitor));
      }
    }
  }

  /** A key may be any text; one that would leave its folder costs its picture. */
  private PicturePath name(String key) {
    String below = key.substring(place.prefix().length()).replaceFirst("^/+", "");
    try {
      return PicturePath.of(below);
    } catch (Failure.Invalid e) {
      return PicturePath.unnamed(
          below.replace("..", "__").replace(':', '_'), "has a name that leaves its folder");
    }
  }

  private byte[] read(String key, PicturePath path, Visitor visitor) {
    try (InputStream in = new Counted(buckets.read(place, key), visitor)) {
      return limits.read(path, in);
    } catch (IOException e) {
      throw new Failure.Invalid(
          "reading '%s' from bucket %s broke off: %s".formatted(path, place.bucket(), Reason.of(e)),
          "Import it again.");
    }
  }

  /** Tells of every piece that comes. */
  private final class Counted extends FilterInputStream {
    private final Visitor visitor;

    private Counted(InputStream in, Visitor visitor) {
      super(in);
      this.visitor = visitor;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = in.read(into, offset, length);
      until.require();
      visitor.advanced(Math.max(0, read));
      return read;
    }
  }
}
