package dev.onecycle.webhook;

import dev.onecycle.fleet.WorkerLost;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunChanged;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.serving.ModelSwitched;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The writer of what others will be told: a row in the transaction of the change itself, so that
 * there is never one without the other. INVARIANT: what an event is about is locked when its row is
 * written, so that the rows of one subject are numbered in the order of its changes.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Outbox {

  private static final int LONGEST_TEXT = 500;

  private final JdbcClient jdbc;
  private final Runs runs;
  private final StoredJson json;
  private final Ids ids;
  private final Clock clock;
  private final boolean wanted;

  Outbox(
      JdbcClient jdbc,
      Runs runs,
      StoredJson json,
      Ids ids,
      Clock clock,
      Database database,
      WebhookProperties properties) {
    this.jdbc = jdbc;
    this.runs = runs;
    this.json = json;
    this.ids = ids;
    this.clock = clock;
    // Of several processes the one that tells is another, with settings of its own.
    this.wanted = database.shared() || !properties.hooks().isEmpty();
  }

  /** What receivers read. */
  private record Message(String type, Instant timestamp, Object data) {}

  /**
   * A run that ended.
   *
   * @param accuracy of its best epoch, 0 to 1
   * @param checkpoint its best weights
   * @param failure why it failed, if so
   */
  private record EndedRun(
      UUID run,
      String name,
      String kind,
      RunState state,
      @Nullable UUID dataset,
      @Nullable Double accuracy,
      @Nullable UUID checkpoint,
      @Nullable String failure,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt) {}

  @EventListener(condition = "#change.state().ended()")
  void ended(RunChanged change) {
    if (wanted) {
      add(EventType.RUN_ENDED, change.run().toString(), ended(runs.required(change.run())));
    }
  }

  private static EndedRun ended(Run run) {
    RunFailure why = run.failure();
    return new EndedRun(
        run.id(),
        run.spec().name(),
        run.spec().kind(),
        run.state(),
        run.spec().dataset(),
        run.bestAccuracy(),
        run.checkpointId(),
        why == null || why.message() == null ? null : cut(why.message()),
        run.createdAt(),
        run.startedAt(),
        run.endedAt());
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_TEXT));
  }

  @EventListener
  void switched(ModelSwitched model) {
    if (wanted) {
      add(EventType.MODEL_SWITCHED, model.id().toString(), model);
    }
  }

  @EventListener
  void lost(WorkerLost worker) {
    if (wanted) {
      add(EventType.WORKER_LOST, worker.id().toString(), worker);
    }
  }

  private void add(EventType type, String subject, Object data) {
    Instant now = clock.instant();
    jdbc.sql(
            """
            insert into webhook_event (message, type, subject, body, created_at, spread)
            values (?, ?, ?, ?, ?, false)
            """)
        .params(
            "msg_" + ids.next(),
            type.word(),
            subject,
            json.write(new Message(type.word(), now, data)),
            now.atOffset(ZoneOffset.UTC))
        .update();
  }
}
