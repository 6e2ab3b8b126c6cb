package dev.onecycle.run;

import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * A kind of work that counts epochs. Its recipe: {@code epochs}; {@code gated}: each epoch waits
 * for {@link #open}; {@code file}: each epoch waits until that file exists; {@code holds}: its
 * first attempt waits for the file in a transaction that holds the run's row, and says so in a file
 * with the ending {@code .held}; {@code deaf}: it stops for nobody; {@code logs}: so many lines of
 * 64 KB before the first epoch; {@code fails}: how it fails after its epochs.
 */
@Component
class CountingWork implements RunWork<JsonNode> {

  static final String KIND = "count";

  private final Map<UUID, Semaphore> gates = new ConcurrentHashMap<>();
  private final Map<UUID, Integer> executions = new ConcurrentHashMap<>();

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  CountingWork(JdbcClient jdbc, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** Lets a gated run do so many epochs. */
  void open(UUID run, int epochs) {
    gate(run).release(epochs);
  }

  int executions(UUID run) {
    return executions.getOrDefault(run, 0);
  }

  @Override
  public Class<JsonNode> asked() {
    return JsonNode.class;
  }

  @Override
  public Planned plan(RunSpec spec, JsonNode recipe) {
    return new Planned(List.of(), null);
  }

  @Override
  public Ending execute(RunContext context, JsonNode recipe) throws Exception {
    executions.merge(context.run(), 1, Integer::sum);
    int epochs = recipe.path("epochs").asInt(1);
    context.device("cpu");
    for (int i = 0; i < recipe.path("logs").asInt(0); i++) {
      context.log("x".repeat(65_536));
    }
    if (recipe.path("holds").asBoolean(false) && context.attempt() == 1) {
      transactions.execute(status -> hold(context, recipe));
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
      if (!mayGoOn(context, recipe)) {
        return Ending.STOPPED;
      }
      context.step(new StepRecord(1, epoch, epochs, epoch + 1, epochs, 1.0, 1.0, 1e-3, 0.95, 100));
      context.epoch(new EpochRecord(1, epoch, 2, 2.5, 0.1 * epoch, 1e-3, 61, 100, false));
    }
    if (recipe.has("fails")) {
      fail(recipe.get("fails").asString());
    }
    return Ending.COMPLETED;
  }

  private boolean hold(RunContext context, JsonNode recipe) {
    try {
      jdbc.sql("select id from run where id = ? for update")
          .param(context.run())
          .query()
          .listOfRows();
      Files.createFile(Path.of(recipe.get("file").asString() + ".held"));
      return mayGoOn(context, recipe);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean mayGoOn(RunContext context, JsonNode recipe) throws InterruptedException {
    boolean gated = recipe.path("gated").asBoolean(false);
    boolean deaf = recipe.path("deaf").asBoolean(false);
    Path file = recipe.has("file") ? Path.of(recipe.get("file").asString()) : null;
    while (deaf || !context.stopRequested()) {
      boolean opened = gate(context.run()).tryAcquire(5, TimeUnit.MILLISECONDS);
      if ((opened || !gated) && (file == null || Files.exists(file))) {
        return true;
      }
    }
    return false;
  }

  private static void fail(String how) throws IOException, WorkFailed {
    switch (how) {
      case "memory" -> throw new OutOfMemoryError("batch of 64");
      case "disk" -> throw new FileSystemException("f", null, "No space left on device");
      case "diverged" ->
          throw new WorkFailed(RunFailure.Kind.DIVERGED, "loss is NaN", "Lower the rate.", null);
      default -> throw new IllegalStateException(how);
    }
  }

  private Semaphore gate(UUID run) {
    return gates.computeIfAbsent(run, id -> new Semaphore(0));
  }
}
