package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadingThreadTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final Reading reading = new Reading();
  private final ImportProgress watch = new ImportProgress();
  private final CountDownLatch testEnds = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    testEnds.countDown();
  }

  private <T> T read(Duration maxStall, Duration heed, Callable<T> work) throws IOException {
    return new ReadingThread(maxStall, heed).run(reading, watch, work);
  }

  /** A library that hears nothing and nobody. */
  private String deaf() {
    boolean over = false;
    while (!over) {
      try {
        testEnds.await();
        over = true;
      } catch (InterruptedException e) {
        over = false;
      }
    }
    return "late";
  }

  @Test
  void answersWhatWasReadAndHowFarItCame() throws IOException {
    String read =
        read(
            LONG,
            LONG,
            () -> {
              reading.begin(10);
              reading.advance(7);
              reading.count(3, 1);
              return "read";
            });
    assertThat(read).isEqualTo("read");
    assertThat(watch.now()).isEqualTo(new Progress(10L, 7, 3, 1));
  }

  @Test
  void throwsWhatReadingThrows() {
    for (Exception thrown :
        new Exception[] {new Failure.Invalid("no"), new IOException("disk"), new Bug()}) {
      assertThatThrownBy(
              () ->
                  read(
                      LONG,
                      LONG,
                      () -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);
    }
  }

  @Test
  void anErrorOfOneArchiveIsNoErrorOfTheProcess() {
    for (Error thrown : new Error[] {new StackOverflowError(), new NoClassDefFoundError("xz")}) {
      assertThatThrownBy(() -> read(LONG, LONG, () -> failWith(thrown)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(thrown.toString());
    }
    assertThatThrownBy(() -> read(LONG, LONG, () -> failWith(new OutOfMemoryError("heap"))))
        .isInstanceOf(OutOfMemoryError.class);
  }

  private static Object failWith(Error error) {
    throw error;
  }

  @Test
  void aStopReachesReadingAtItsNextStep() {
    assertThatThrownBy(
            () ->
                read(
                    LONG,
                    LONG,
                    () -> {
                      watch.stop();
                      while (true) {
                        reading.step();
                        Thread.onSpinWait();
                      }
                    }))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aStopLeavesBehindWhatDoesNotListen() {
    assertThatThrownBy(
            () ->
                read(
                    LONG,
                    Duration.ofMillis(10),
                    () -> {
                      watch.stop();
                      return deaf();
                    }))
        .isInstanceOf(CancellationException.class);
    // Were it to wake up, it would end at its first step.
    assertThatThrownBy(reading::step).isInstanceOf(CancellationException.class);
  }

  @Test
  void whatMakesNoStepIsAFailure() {
    assertThatThrownBy(() -> read(Duration.ofMillis(50), Duration.ofMillis(10), this::deaf))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("no progress");
  }

  @Test
  void whatTheWatchThrowsEndsReading() {
    ImportWatch lost =
        new ImportWatch() {
          @Override
          public boolean stopRequested() {
            return false;
          }

          @Override
          public void progress(Progress now) {
            throw new Bug();
          }
        };
    ReadingThread thread = new ReadingThread(LONG, Duration.ofMillis(10));
    assertThatThrownBy(() -> thread.run(reading, lost, this::deaf)).isInstanceOf(Bug.class);
    assertThatThrownBy(reading::step).isInstanceOf(CancellationException.class);
  }

  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
