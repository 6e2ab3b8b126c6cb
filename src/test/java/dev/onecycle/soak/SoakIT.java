package dev.onecycle.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Half an hour, or {@code -Donecycle.soak=PT5M}, of everything at once: trainings, imports,
 * predictions, switches, deletions and hostile callers. Again and again the process is killed in
 * the middle of it; after each start what is there is whole. The last process lives for a third of
 * the time, and grows in nothing.
 */
@Tag("proof")
class SoakIT {

  private static final Duration LENGTH =
      Duration.parse(System.getProperty("onecycle.soak", "PT30M"));

  /** Between two looks at what is there. */
  private static final Duration WORK = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** So few that a training takes a second, so many that it is often met in the middle. */
  private static final int PICTURES = 400;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TRIM_THRESHOLD_", "8589934592",
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1",
          "DJL_OFFLINE", "true");

  @TempDir private Path home;

  private ServiceProcess service;
  private Http http;
  private UUID dataset;
  private UUID checkpoint;

  @Test
  void itIsStillThereInTheMorning() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    long kills = LENGTH.multipliedBy(2).dividedBy(3).dividedBy(WORK.multipliedBy(2)) + 1;
    start();
    try {
      dataset = firstDataset();
      checkpoint = firstCheckpoint();
      assertThat(http.put(SoakCallers.MODEL, Map.of("checkpoint", checkpoint)).status())
          .isIn(200, 201);
      for (int kill = 0; kill < kills; kill++) {
        work(kill, true);
        start();
        settleAndLook("after kill " + (kill + 1));
      }
      List<Footprint> footprints = new ArrayList<>();
      for (int round = 0; System.nanoTime() < end || round < 3; round++) {
        work(1_000 + round, false);
        settleAndLook("round " + round);
        footprints.add(Footprint.of(service.pid()));
        System.out.println(footprints.get(round));
      }
      footprints.get(footprints.size() - 1).requireFlatSince(footprints.get(1));
    } finally {
      service.close();
    }
  }

  private void start() throws IOException {
    service =
        ServiceProcess.start(
            ServiceMain.class,
            home,
            ENVIRONMENT,
            List.of(),
            List.of(
                "--onecycle.dataset.roots=" + home,
                "--onecycle.dataset.imports=2",
                "--onecycle.worker.resume-every=2s",
                "--onecycle.worker.tta-menu-pictures=10",
                "--onecycle.run.max-attempts=100",
                "--onecycle.serving.max-classifiers=2"));
    http = service.http();
  }

  private UUID firstDataset() throws IOException {
    JsonNode imported = SoakCallers.upload(http, SoakCallers.archive(PICTURES)).json();
    String path = "/api/v1/datasets/" + imported.get("id").asString();
    await()
        .atMost(PATIENCE)
        .until(() -> http.get(path).json().path("state").asString("").equals("READY"));
    return UUID.fromString(imported.get("id").asString());
  }

  private UUID firstCheckpoint() {
    JsonNode run = http.post("/api/v1/runs", SoakCallers.training(dataset, 1)).json();
    String path = "/api/v1/runs/" + run.get("id").asString();
    await().atMost(PATIENCE).until(() -> http.get(path).json().has("endedAt"));
    return UUID.fromString(http.get(path).json().get("checkpoint").asString());
  }

  /** Lets everybody work for a while; killed, in the middle of it. */
  private void work(int seed, boolean killed) throws Exception {
    SoakCallers callers = new SoakCallers(http, dataset, checkpoint, home, seed);
    callers.begin();
    Thread.sleep(WORK.toMillis()); // the moment is what is random
    if (killed) {
      service.kill();
    }
    callers.end();
    assertThat(callers.complaints()).as(service.log()).isEmpty();
    assertThat(service.log().lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }

  private void settleAndLook(String when) throws IOException {
    Inventory inventory = new Inventory(http, home, service.pid());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(inventory.runsOfNobody()).as(when).isEmpty());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> inventory.underWay() == 0);
    inventory.requireWhole(when);
    String weights = "/api/v1/checkpoints/" + checkpoint;
    Http.Answer answer = http.post(weights + "/predictions", "image/png", SoakCallers.PICTURE);
    assertThat(answer.status()).as("%s: %s", when, answer.text()).isEqualTo(200);
  }

  /** What a process takes of its machine. */
  private record Footprint(int threads, int files, long megabytes) {

    private static final int MORE_THREADS = 10;
    private static final int MORE_FILES = 20;

    /** The heap of 512 MB is the collector's to fill. */
    private static final long MORE_MEGABYTES = 200;

    static Footprint of(long pid) throws IOException {
      Path process = Path.of("/proc", Long.toString(pid));
      List<String> status = Files.readAllLines(process.resolve("status"));
      try (var files = Files.list(process.resolve("fd"))) {
        return new Footprint(
            (int) number(status, "Threads:"), (int) files.count(), number(status, "VmRSS:") / 1024);
      }
    }

    private static long number(List<String> status, String name) {
      return status.stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }

    void requireFlatSince(Footprint before) {
      assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads + MORE_THREADS);
      assertThat(files).as("open files").isLessThanOrEqualTo(before.files + MORE_FILES);
      assertThat(megabytes).as("memory").isLessThanOrEqualTo(before.megabytes + MORE_MEGABYTES);
    }
  }
}
