package dev.onecycle.bench;

import dev.onecycle.Onecycle;
import dev.onecycle.platform.Ids;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.Runs;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people wait for around training, on the whole service with its H2: how long a submitted run
 * waits for an idle worker, a page of ten thousand queued runs, the curve of a million steps.
 */
final class QueueBench implements Benchmark {

  private static final int QUEUED = 10_000;
  private static final int STEPS = 1_000_000;
  private static final String RUNS = "/api/v1/runs";

  private final Path home = Files.createTempDirectory("onecycle-bench");
  private final ConfigurableApplicationContext service;
  private final Http http;
  private final SteppingWork work;
  private final UUID dataset;
  private final UUID lastInQueue;
  private final UUID millionSteps;
  private final String halfWay;

  QueueBench() throws Exception {
    service =
        new SpringApplicationBuilder(Onecycle.class, SteppingWork.class)
            .run(
                "--onecycle.home=" + home,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--logging.level.root=error");
    http = new Http(service.getEnvironment().getRequiredProperty("local.server.port", int.class));
    work = service.getBean(SteppingWork.class);
    dataset = Rows.dataset(service.getBean(JdbcClient.class), "READY");
    millionSteps = finished(STEPS);
    lastInQueue = fillTheQueue();
    halfWay = cursorAfter(QUEUED / 2);
  }

  /** Rows that look queued, but that no worker takes. Answers the id of the last. */
  private UUID fillTheQueue() {
    Ids ids = new Ids(Clock.systemUTC());
    List<UUID> all = new ArrayList<>();
    for (int i = 0; i < QUEUED; i++) {
      all.add(ids.next());
    }
    String recipe =
        new JsonMapper().writeValueAsString(RecipeReader.tree(RecipeReader.read("smoke", null)));
    service
        .getBean(JdbcTemplate.class)
        .batchUpdate(
            """
            insert into run
              (id, kind, name, dataset_id, recipe, seed, priority, state, attempt, losses,
               max_attempts, last_event, created_at)
            values (?, 'train', 'a row', ?, ? format json, 42, 0, 'QUEUED', 0, 0, 3, 0,
              current_timestamp)
            """,
            all,
            1_000,
            (statement, id) -> {
              statement.setObject(1, id);
              statement.setObject(2, dataset);
              statement.setString(3, recipe);
            });
    return all.get(QUEUED - 1);
  }

  private String cursorAfter(int runs) {
    String cursor = "";
    for (int seen = 0; seen < runs; seen += 500) {
      JsonNode page = http.get(RUNS + "?state=QUEUED&limit=500" + cursor).json();
      cursor = "&cursor=" + page.get("nextCursor").asString();
    }
    return cursor;
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant("submit to start on an idle worker", this::submitToStart),
        page("50 of 10,000 queued runs, first page", "?state=QUEUED"),
        page("50 of 10,000 queued runs, half way", "?state=QUEUED" + halfWay),
        page("50 of 10,000 queued runs by priority", "?state=QUEUED&sort=-priority"),
        page("the last of 10,000 queued runs", "/" + lastInQueue),
        page("500 points of 1,000,000 steps", "/" + millionSteps + "/steps?points=500"),
        new Variant("1,000,000 steps told and kept", this::tellSteps));
  }

  private Variant page(String name, String path) {
    return new Variant(name, () -> Benchmark.milliseconds(() -> require(http.get(RUNS + path))));
  }

  private static void require(Http.Answer answer) {
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.text());
    }
  }

  private double submitToStart() throws Exception {
    long asked = System.nanoTime();
    UUID id = submit(0);
    double waited = (work.started(id) - asked) / 1e6;
    awaitEnd(id);
    return waited;
  }

  private double tellSteps() throws Exception {
    UUID id = submit(STEPS);
    long started = work.started(id);
    double told = (work.told(id) - started) / 1e6;
    awaitEnd(id);
    return told;
  }

  private UUID finished(int steps) throws Exception {
    UUID id = submit(steps);
    awaitEnd(id);
    return id;
  }

  private UUID submit(int steps) {
    RunSpec spec = new RunSpec(SteppingWork.KIND, dataset, 1, "bench", 100);
    return service.getBean(RunQueue.class).submit(spec, steps, Set.of()).id();
  }

  private void awaitEnd(UUID id) throws InterruptedException {
    Runs runs = service.getBean(Runs.class);
    while (!runs.findById(id).map(Run::state).orElseThrow().ended()) {
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    service.close();
    try {
      FileSystemUtils.deleteRecursively(home);
    } catch (IOException e) {
      System.err.println(home + " is left: " + e.getMessage());
    }
  }
}
