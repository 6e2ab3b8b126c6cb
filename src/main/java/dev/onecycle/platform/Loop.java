package dev.onecycle.platform;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What this process does again and again without being asked: to look for runs, to write down what
 * happened, to answer those who wait. Each room names its own. May be asked from any thread, and
 * answers at once, also while the loop hangs.
 */
public interface Loop {

  /** Returns what it is called in the health of the process and in its metric. */
  String name();

  /** Returns for how long it has not turned; zero while it has nothing to do. */
  Duration silence();

  /** Returns for how long it is silent when all is well. */
  default Duration rhythm() {
    return Duration.ZERO;
  }

  /** Makes one of its parts. */
  static Loop of(String name, Duration rhythm, Supplier<Duration> silence) {
    return new Loop() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Duration silence() {
        return silence.get();
      }

      @Override
      public Duration rhythm() {
        return rhythm;
      }
    };
  }
}
