package dev.onecycle.bench;

import java.util.List;

/** Several ways of doing the same work, measured in the same unit. */
interface Benchmark extends AutoCloseable {

  /** One number, in the benchmark's unit. */
  @FunctionalInterface
  interface Measurement {
    double take() throws Exception;
  }

  /** Work that a {@link Measurement} times. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** One way of doing the work. */
  record Variant(String name, Measurement measurement) {}

  /** Of every number, such as {@code images/s} or {@code ms}. */
  String unit();

  /** In the order in which they take turns. */
  List<Variant> variants();

  @Override
  default void close() throws Exception {}

  /** How many of {@code items} a second the work does. */
  static double perSecond(int items, Work work) throws Exception {
    return 1e3 * items / milliseconds(work);
  }

  /** How long the work takes. */
  static double milliseconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
