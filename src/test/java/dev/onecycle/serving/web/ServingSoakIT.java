package dev.onecycle.serving.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.torch.Torch;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Many callers with good and bad pictures while their model is switched among more checkpoints than
 * stay in memory. There are two kinds of checkpoints, which have other labels and always see
 * another one of them: an answer made by two versions would show.
 */
class ServingSoakIT extends OpenServer {

  private static final String MODEL = "/api/v1/models/soaked";
  private static final int CHECKPOINTS = 6;
  private static final int LABELS = 5;

  /** The heap's share is the collector's; leaked classifiers would be 45 MB each. */
  private static final long SLACK = 150L << 20;

  private static final byte[] PICTURE = Drawings.png(160, 120, false);

  private static final List<byte[]> BODIES =
      List.of(
          PICTURE,
          PictureEncoder.jpeg(PictureDecoder.decode(PICTURE)),
          Drawings.png(90, 200, true),
          Arrays.copyOf(PICTURE, 200),
          "no picture".getBytes(UTF_8),
          Drawings.hollowPng(30_000, 30_000));

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  private final Map<String, String> kinds = new LinkedHashMap<>();
  private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

  /** An answer, and what is wrong with it or null. */
  private record Heard(int status, double seconds, String wrong) {}

  @Test
  void callersNeverMeetASwitch() {
    soak(24, Duration.ofSeconds(6), Duration.ofSeconds(5));
  }

  @Test
  @Tag("proof")
  void norDoTwoHundredForTwoMinutes() {
    soak(200, Duration.ofMinutes(2), Duration.ofSeconds(10));
  }

  private void soak(int callers, Duration time, Duration slowest) {
    for (int i = 0; i < CHECKPOINTS; i++) {
      String kind = i % 2 == 0 ? "a" : "b";
      kinds.put(checkpoint(kind, i).toString(), kind);
    }
    List<String> ids = List.copyOf(kinds.keySet());
    serve(ids.get(0));
    run(callers, time.dividedBy(4), ids); // warm, with every pool and cache as large as it gets
    heard.clear();
    long before = nativeBytes();
    int switches = run(callers, time, ids);
    long grown = nativeBytes() - before;
    System.out.printf(
        "%d callers: %d answers (%d good, %d refused, %d told to come back), %d switches,"
            + " 99 %% within %.2f s, memory %+d MB%n",
        callers,
        heard.size(),
        count(200),
        heard.size() - count(200) - count(429),
        count(429),
        switches,
        quantile(.99),
        grown >> 20);
    assertThat(heard).extracting(Heard::wrong).containsOnlyNulls();
    assertThat(count(200)).isGreaterThan(callers);
    assertThat(switches).isGreaterThan(2);
    assertThat(quantile(.99)).isLessThan((double) slowest.toSeconds());
    assertThat(grown).isLessThan(SLACK);
  }

  private UUID checkpoint(String kind, long seed) {
    StateDict state = States.xresnet18(LABELS, seed);
    Map<String, float[]> values = new LinkedHashMap<>(state.values());
    values.computeIfPresent("11.bias", (name, bias) -> leaning(bias, favourite(kind)));
    StateDict leaning = new StateDict(state.layout(), values, 0);
    List<String> labels = IntStream.range(0, LABELS).mapToObj(k -> kind + k).toList();
    return checkpoints.save(store.write(States.manifest(labels, null), leaning)).id();
  }

  private static int favourite(String kind) {
    return kind.equals("a") ? 1 : 3;
  }

  private static float[] leaning(float[] bias, int label) {
    float[] leaning = bias.clone();
    leaning[label] += 20;
    return leaning;
  }

  private void serve(String checkpoint) {
    Answer answer = http().put(MODEL, Map.of("checkpoint", checkpoint));
    assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
  }

  /** Answers how often the model was switched. */
  private int run(int callers, Duration time, List<String> ids) {
    long end = System.nanoTime() + time.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<CompletableFuture<Void>> calling =
        IntStream.range(0, callers)
            .mapToObj(i -> CompletableFuture.runAsync(() -> call(i, end), threads))
            .toList();
    int switches = 0;
    while (System.nanoTime() < end) {
      if (switches % 5 == 4) {
        assertThat(http().post(MODEL + "/rollback", "").status()).isEqualTo(200);
      } else {
        serve(ids.get(switches % ids.size()));
      }
      switches++;
    }
    calling.forEach(CompletableFuture::join);
    threads.shutdown();
    return switches;
  }

  private void call(int caller, long end) {
    RandomGenerator random = new Seed(caller).generator();
    while (System.nanoTime() < end) {
      long begun = System.nanoTime();
      Answer answer = ask(random);
      double seconds = (System.nanoTime() - begun) / 1e9;
      heard.add(new Heard(answer.status(), seconds, wrong(answer)));
      if (answer.status() == 429) {
        sleep(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After"))));
      }
    }
  }

  private Answer ask(RandomGenerator random) {
    String tta = List.of("none", "flip", "auto").get(random.nextInt(3));
    String path = MODEL + "/predictions?tta=" + tta;
    if (random.nextInt(8) > 0) {
      return http().post(path, "image/png", BODIES.get(random.nextInt(BODIES.size())));
    }
    Multipart several = new Multipart();
    BODIES.forEach(body -> several.file("image", "x", body));
    return http().post(path, Multipart.CONTENT_TYPE, several.bytes());
  }

  private String wrong(Answer answer) {
    if (answer.status() != 200) {
      boolean expected = List.of(413, 415, 422, 429).contains(answer.status());
      return expected ? null : answer.status() + ": " + answer.text();
    }
    JsonNode json = answer.json();
    String kind = kinds.get(json.get("checkpoint").asString());
    List<JsonNode> predictions = new ArrayList<>();
    if (json.has("items")) {
      json.get("items")
          .forEach(item -> predictions.add(item.has("problem") ? null : item.get("predictions")));
      assertThat(predictions).hasSize(BODIES.size()).filteredOn(p -> p != null).hasSize(3);
      predictions.removeIf(p -> p == null);
    } else {
      predictions.add(json.get("predictions"));
    }
    boolean pure =
        predictions.stream()
            .allMatch(p -> p.at("/0/label").asString().equals(kind + favourite(kind)));
    return pure ? null : answer.text();
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long count(int status) {
    return heard.stream().filter(h -> h.status == status).count();
  }

  private double quantile(double share) {
    double[] sorted = heard.stream().mapToDouble(Heard::seconds).sorted().toArray();
    return sorted[(int) (share * (sorted.length - 1))];
  }

  /** What the process holds besides its heap, all of which is touched first: it counts as whole. */
  private static long nativeBytes() {
    System.gc();
    touchHeap();
    System.gc();
    Torch.releaseMemory();
    return Torch.residentBytes()
        - ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
  }

  private static void touchHeap() {
    List<byte[]> touched = new ArrayList<>();
    int piece = 256 << 10;
    try {
      for (long left = Runtime.getRuntime().freeMemory(); left > piece; left -= piece) {
        touched.add(new byte[piece]);
      }
    } finally {
      Reference.reachabilityFence(touched);
    }
  }
}
