package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Copies of remote blobs in a directory, each named by its checksum: fetched once, compared with
 * the checksum, kept until room is needed and then forgotten in the order of last use. Processes
 * may share the directory.
 */
final class LocalCopies {

  /** Whoever was just given a file has not opened it yet: it stays, also beyond the limit. */
  private static final Duration JUST_USED = Duration.ofMinutes(1);

  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final int LOCKS = 64;
  private static final String INCOMING = "incoming-";

  private final Path directory;
  private final long limit;
  private final DiskSpace space;
  private final Clock clock;

  /** One of these is held while a blob is fetched, so that nobody fetches it beside. */
  private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

  private record Copy(Path file, long size, Instant lastUse) {}

  /** Makes the directory if it is missing; {@code limit} is in bytes. */
  LocalCopies(Path directory, long limit, DiskSpace space, Clock clock) {
    this.directory = directory;
    this.limit = limit;
    this.space = space;
    this.clock = clock;
    try {
      Files.createDirectories(directory);
      forget();
    } catch (IOException e) {
      throw DiskSpace.failure("the cache " + directory, e);
    }
  }

  /** Returns a new file to write to, to be passed to {@link #keep} or deleted. */
  Path incoming() {
    return directory.resolve(INCOMING + UUID.randomUUID());
  }

  /**
   * Returns the copy of a blob, made from {@code source} where there is none.
   *
   * @throws Failure.Unavailable if what comes is not the blob, or there is no room for it
   */
  Path get(Blob blob, Supplier<InputStream> source) {
    synchronized (locks.get(Math.floorMod(blob.sha256().hashCode(), LOCKS))) {
      try {
        return present(blob) ? used(blob) : fetch(blob, source);
      } catch (NoSuchFileException e) {
        return fetch(blob, source); // forgotten between the look and the use
      } catch (IOException e) {
        throw new Failure.Unavailable(
            "the local copy of " + blob.key() + " cannot be used: " + Reason.of(e), null, e);
      }
    }
  }

  /** Takes over a file that holds the blob's bytes. */
  void keep(Blob blob, Path file) throws IOException {
    Files.move(file, place(blob), StandardCopyOption.REPLACE_EXISTING);
    used(blob);
    forget();
  }

  /** Forgets a copy that turned out to be damaged. */
  void drop(Blob blob) throws IOException {
    Files.deleteIfExists(place(blob));
  }

  private boolean present(Blob blob) {
    try {
      return Files.size(place(blob)) == blob.size();
    } catch (IOException e) {
      return false;
    }
  }

  private Path fetch(Blob blob, Supplier<InputStream> source) {
    space.require(directory, blob.size());
    Path incoming = incoming();
    try {
      Blob found;
      try (InputStream bytes = source.get();
          OutputStream out = Files.newOutputStream(incoming)) {
        found = Checksum.copy(blob.key(), bytes, out);
      }
      blob.require(found);
      keep(blob, incoming);
      return place(blob);
    } catch (IOException e) {
      throw DiskSpace.failure("the local copy of " + blob.key(), e);
    } finally {
      deleteQuietly(incoming);
    }
  }

  private Path used(Blob blob) throws IOException {
    Path file = place(blob);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    return file;
  }

  private Path place(Blob blob) {
    return directory.resolve(blob.sha256());
  }

  private void forget() throws IOException {
    Instant now = clock.instant();
    List<Copy> copies = copies();
    long total = copies.stream().mapToLong(Copy::size).sum();
    for (Copy copy : copies) {
      boolean half = copy.file.getFileName().toString().startsWith(INCOMING);
      Duration grace = half ? ABANDONED : JUST_USED;
      if ((half || total > limit) && copy.lastUse.plus(grace).isBefore(now)) {
        Files.deleteIfExists(copy.file);
        total -= copy.size;
      }
    }
  }

  /** Lists the copies, least recently used first. */
  private List<Copy> copies() throws IOException {
    List<Copy> copies = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        copy(file).ifPresent(copies::add);
      }
    }
    copies.sort(Comparator.comparing(Copy::lastUse));
    return copies;
  }

  /** Reads a copy's file; empty where another process forgot it meanwhile. */
  private static Optional<Copy> copy(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Instant lastUse = attributes.lastModifiedTime().toInstant();
      return Optional.of(new Copy(file, attributes.size(), lastUse));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A later look forgets it: nothing is lost by leaving the file.
    }
  }
}
