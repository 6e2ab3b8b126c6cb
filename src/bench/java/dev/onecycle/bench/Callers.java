package dev.onecycle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;

/**
 * Callers on the loopback, each with a connection of its own, that post one picture after the
 * other, the next when the last is answered. They do as little as they can: they take their share
 * of the machine that is measured.
 */
final class Callers {

  /** How long a caller stays away that was told to come back. */
  private static final long PAUSE_MILLIS = 250;

  private final int port;
  private final String path;
  private final List<byte[]> pictures;

  Callers(int port, String path, List<byte[]> pictures) {
    this.port = port;
    this.path = path;
    this.pictures = pictures;
  }

  /** What all callers heard, and how long they were at it. */
  record Heard(List<Answer> answers, double seconds) {

    /** The milliseconds of those answers, in order. */
    double[] milliseconds(IntPredicate status) {
      return answers.stream()
          .filter(answer -> status.test(answer.status))
          .mapToDouble(Answer::milliseconds)
          .sorted()
          .toArray();
    }

    /** That share of these answers took at most so many milliseconds. */
    double quantile(IntPredicate status, double share) {
      double[] sorted = milliseconds(status);
      return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }
  }

  /** Whether that is an answer. */
  static boolean accepted(int status) {
    return status == 200;
  }

  /** Whether that tells to come back. */
  static boolean refused(int status) {
    return status == 429;
  }

  private record Answer(int status, double milliseconds) {}

  /** So many callers for so long. */
  Heard call(int callers, double seconds) {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    List<CompletableFuture<List<Answer>>> calling = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int first = caller * pictures.size() / callers;
      calling.add(CompletableFuture.supplyAsync(() -> call(first, end), threads));
    }
    threads.shutdown();
    List<Answer> answers = new ArrayList<>();
    calling.forEach(one -> answers.addAll(one.join()));
    return new Heard(answers, (System.nanoTime() - begun) / 1e9);
  }

  private List<Answer> call(int first, long end) {
    List<Answer> answers = new ArrayList<>();
    try (Line line = new Line(port)) {
      for (int i = first; System.nanoTime() < end; i++) {
        byte[] request = request(pictures.get(i % pictures.size()));
        long begun = System.nanoTime();
        int status = line.ask(request);
        answers.add(new Answer(status, (System.nanoTime() - begun) / 1e6));
        if (refused(status)) {
          Thread.sleep(PAUSE_MILLIS);
        } else if (!accepted(status)) {
          throw new IOException("status " + status);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answers;
  }

  private byte[] request(byte[] picture) {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, port, picture.length);
    byte[] request =
        Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + picture.length);
    System.arraycopy(picture, 0, request, head.length(), picture.length);
    return request;
  }
}
