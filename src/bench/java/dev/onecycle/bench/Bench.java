package dev.onecycle.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * The benchmarks by name, and how they are run: {@code bin/bench NAME [ROUNDS]}.
 *
 * <p>All variants of a benchmark take turns in one process, so that whatever else the machine does
 * hits them alike and their ratio holds. The first round warms up and is not counted.
 */
public final class Bench {

  private static final int LEAST_ROUNDS = 5;

  /** Not one of {@link #KNOWN}: JMH measures in processes of its own, each variant by itself. */
  private static final String JMH = "jmh";

  /** What {@code bin/bench} knows; opened by name, closed after the last round. */
  private static final SortedMap<String, Callable<Benchmark>> KNOWN = new TreeMap<>();

  static {
    KNOWN.put("agreement", AgreementBench::new);
    KNOWN.put("epoch", EpochBench::new);
    KNOWN.put("input-pipeline", InputPipelineBench::new);
    KNOWN.put("memory", MemoryBench::new);
    KNOWN.put("predict", PredictBench::new);
    KNOWN.put("queue", QueueBench::new);
    KNOWN.put("serve", ServeBench::new);
    KNOWN.put("start", StartBench::new);
    KNOWN.put("step-profile", StepProfile::new);
    KNOWN.put("train-step", TrainStepBench::new);
    KNOWN.put("transfer", TransferBench::new);
  }

  private Bench() {}

  /** Runs the benchmark named by the first argument. Exit status 2 and the names if unknown. */
  public static void main(String[] args) throws Exception {
    PrintStream results = System.out;
    System.setOut(System.err); // What libraries log is no result.
    String name = args.length == 0 ? "" : args[0];
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : LEAST_ROUNDS;
    if (name.equals(JMH)) {
      PictureJmh.run(checked(rounds)).forEach(result -> results.println(result.json()));
      return;
    }
    Callable<Benchmark> known = KNOWN.get(name);
    if (known == null) {
      System.err.printf(
          "usage: bin/bench NAME [ROUNDS], where NAME is %s or one of %s%n", JMH, KNOWN.keySet());
      System.exit(2);
      return;
    }
    try (Benchmark benchmark = known.call()) {
      run(name, benchmark, rounds).forEach(result -> results.println(result.json()));
    }
  }

  /** Measures every variant {@code rounds} times, at least 5, in turn. */
  static List<Result> run(String name, Benchmark benchmark, int rounds) throws Exception {
    List<Benchmark.Variant> variants = benchmark.variants();
    double[][] measured = new double[variants.size()][checked(rounds)];
    for (int round = -1; round < rounds; round++) {
      for (int v = 0; v < variants.size(); v++) {
        double value = variants.get(v).measurement().take();
        if (round >= 0) {
          measured[v][round] = value;
        }
      }
    }
    List<Result> results = new ArrayList<>();
    for (int v = 0; v < variants.size(); v++) {
      results.add(Result.of(name, variants.get(v).name(), benchmark.unit(), measured[v]));
    }
    return results;
  }

  private static int checked(int rounds) {
    if (rounds < LEAST_ROUNDS) {
      throw new IllegalArgumentException(
          rounds + " rounds < minimum " + LEAST_ROUNDS + ": the spread would say nothing");
    }
    return rounds;
  }
}
