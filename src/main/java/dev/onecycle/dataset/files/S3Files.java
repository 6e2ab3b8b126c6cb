package dev.onecycle.dataset.files;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The objects of a place in a bucket, as they were when they were listed: keys are paths. They are
 * shown in their order; the next ones come meanwhile, several at once.
 */
public final class S3Files implements PictureFiles {

  /** Each waits for its server most of the time. */
  private static final int AT_ONCE = 6;

  /** So many objects may wait to be shown, and so many bytes of them. */
  private static final int MOST_COMING = 2 * AT_ONCE;

  private static final long MOST_AHEAD = 32 << 20;
  private static final long LOOK_MILLIS = 100;

  private final Buckets.Place place;
  private final Buckets buckets;
  private final ImportLimits limits;
  private final Until until;
  private final BooleanSupplier stopped;
  private final AtomicLong came = new AtomicLong();
  private final List<Buckets.Found> objects = new ArrayList<>();
  private long bytes;

  /** When reading has to be done, which began so long before. */
  public record Until(Clock clock, Instant end, Duration time) {

    public static Until within(Duration time, Clock clock) {
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
   * @param stopped asked while nothing comes; true ends the visit
   * @throws Failure.Invalid if they cannot be listed, or there are none, or too many
   */
  public S3Files(
      Buckets.Place place,
      Buckets buckets,
      ImportLimits limits,
      Until until,
      Runnable step,
      BooleanSupplier stopped) {
    this.place = place;
    this.buckets = buckets;
    this.limits = limits;
    this.until = until;
    this.stopped = stopped;
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

  /**
   * An object that was asked for.
   *
   * @param size as it was listed
   */
  private record Coming(PicturePath path, long size, Future<byte[]> bytes) {}

  @Override
  public void visit(Visitor visitor) throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE, S3Files::thread);
    Deque<Coming> coming = new ArrayDeque<>();
    long ahead = 0;
    try {
      for (Buckets.Found found : objects) {
        PicturePath path = name(found.key());
        if (found.key().endsWith("/")) {
          visitor.folder(path);
        } else if (visitor.wants(path)) {
          while (!coming.isEmpty()
              && (coming.size() >= MOST_COMING || ahead + found.bytes() > MOST_AHEAD)) {
            ahead -= coming.element().size;
            take(coming.remove(), visitor);
          }
          Future<byte[]> bytes = readers.submit(() -> read(found.key(), path));
          coming.add(new Coming(path, found.bytes(), bytes));
          ahead += found.bytes();
        }
      }
      while (!coming.isEmpty()) {
        take(coming.remove(), visitor);
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "bucket-reading");
    // One that waits for its server must not keep the process from ending.
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for an object; what came of any is a sign of life, and only that. */
  private void take(Coming next, Visitor visitor) throws IOException {
    while (true) {
      try {
        byte[] bytes = next.bytes.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        visitor.advanced(came.getAndSet(0));
        visitor.picture(next.path, bytes);
        return;
      } catch (TimeoutException e) {
        long bytes = came.getAndSet(0);
        if (bytes > 0) {
          visitor.advanced(bytes);
        }
        if (stopped.getAsBoolean()) {
          throw new CancellationException("the import was told to stop");
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException("reading from a bucket ended with " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("the import was interrupted");
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

  private byte[] read(String key, PicturePath path) {
    try (InputStream in = new Counted(buckets.read(place, key))) {
      return limits.read(path, in);
    } catch (IOException e) {
      throw new Failure.Invalid(
          "reading '%s' from bucket %s broke off: %s".formatted(path, place.bucket(), Reason.of(e)),
          "Import it again.");
    }
  }

  /** Counts every piece that comes. */
  private final class Counted extends FilterInputStream {
    private Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = in.read(into, offset, length);
      until.require();
      came.addAndGet(Math.max(0, read));
      return read;
    }
  }
}
