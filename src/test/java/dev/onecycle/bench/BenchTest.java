package dev.onecycle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {

  private final List<String> turns = new ArrayList<>();

  @Test
  void variantsTakeTurnsAndTheFirstRoundIsNotCounted() throws Exception {
    List<Result> results = Bench.run("toy", toy(), 5);

    assertThat(turns).startsWith("a", "b", "a", "b").hasSize(12);
    assertThat(results)
        .containsExactly(
            new Result("toy", "a", "ms", 3, 1, 5, 5), new Result("toy", "b", "ms", 2, 2, 2, 5));
  }

  @Test
  void printsOneJsonObject() {
    assertThat(Result.of("toy", "a", "ms", new double[] {2, 1.00049, 4, 3}).json())
        .isEqualTo(
            "{\"bench\":\"toy\",\"variant\":\"a\",\"unit\":\"ms\","
                + "\"median\":2.5,\"min\":1.0,\"max\":4.0,\"n\":4}");
  }

  @Test
  void refusesFewerThanFiveRounds() {
    assertThatThrownBy(() -> Bench.run("toy", toy(), 4)).hasMessageContaining("4 rounds < minimum");
    assertThat(turns).isEmpty();
  }

  @Test
  void countsItemsAndTime() throws Exception {
    long[] sink = new long[1];
    double rate = Benchmark.perSecond(10, () -> sink[0] = System.nanoTime());

    assertThat(rate).isPositive().isFinite();
  }

  private Benchmark toy() {
    Iterator<Double> first = List.of(99.0, 5.0, 1.0, 4.0, 2.0, 3.0).iterator();
    return new Benchmark() {
      @Override
      public String unit() {
        return "ms";
      }

      @Override
      public List<Variant> variants() {
        return List.of(
            new Variant("a", () -> turn("a", first.next())), new Variant("b", () -> turn("b", 2)));
      }
    };
  }

  private double turn(String name, double value) {
    turns.add(name);
    return value;
  }
}
