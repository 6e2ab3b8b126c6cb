package dev.onecycle.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is still to be told, and to whom. Any number of processes may take from it: each event is
 * told a receiver by one of them at a time, and what is about the same run, model or worker in its
 * order. Who dies while telling leaves an event that is due again a minute later.
 */
@Component
class Deliveries {

  /** Longer than telling can take. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);
  private static final int AT_ONCE = 50;

  /** Due ones before which nothing of the same subject waits for the same receiver. */
  private static final String DUE =
      """
      select e.id as event, e.message, e.type, e.body, d.attempts
      from webhook_delivery d join webhook_event e on e.id = d.event_id
      where d.hook = ? and d.dead = false and d.due_at <= ?
      and not exists (
        select 1 from webhook_event b
        left join webhook_delivery w on w.event_id = b.id and w.hook = d.hook and w.dead = false
        where b.subject = e.subject and b.id < e.id
        and (b.spread = false or w.event_id is not null))
      order by e.id fetch first %d rows only
      """
          .formatted(AT_ONCE);

  private final JdbcClient jdbc;
  private final Clock clock;

  Deliveries(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** An event that no receiver was found for yet. */
  private record NewEvent(long id, String type) {}

  /** Makes deliveries of what happened, as the receivers want it. */
  @Transactional
  public void spread(List<Webhook> hooks) {
    List<NewEvent> events =
        jdbc.sql(
                "select id, type from webhook_event where spread = false"
                    + " order by id fetch first 100 rows only")
            .query(NewEvent.class)
            .list();
    for (NewEvent event : events) {
      int taken =
          jdbc.sql("update webhook_event set spread = true where id = ? and spread = false")
              .param(event.id)
              .update();
      if (taken == 1) {
        hooks.stream().filter(hook -> hook.wants(event.type)).forEach(hook -> add(event, hook));
        forget(event.id);
      }
    }
  }

  private void add(NewEvent event, Webhook hook) {
    jdbc.sql(
            "insert into webhook_delivery (event_id, hook, attempts, due_at, dead)"
                + " values (?, ?, 0, ?, false)")
        .params(event.id, hook.name(), now())
        .update();
  }

  /** Returns what a receiver is to be told now, the oldest first, some at a time. */
  List<Delivery> due(Webhook hook) {
    return jdbc.sql(DUE).params(hook.name(), now()).query(Delivery.class).list();
  }

  /** Takes one to send it; false where another process did. */
  boolean claim(Webhook hook, Delivery delivery) {
    return jdbc.sql(
                "update webhook_delivery set attempts = attempts + 1, due_at = ?"
                    + " where event_id = ? and hook = ? and attempts = ? and dead = false")
            .params(later(LEASE), delivery.event(), hook.name(), delivery.attempts())
            .update()
        == 1;
  }

  /** Ends one that was taken, and the event with the last. */
  @Transactional
  public void done(Webhook hook, Delivery claimed) {
    jdbc.sql("delete from webhook_delivery where event_id = ? and hook = ?")
        .params(claimed.event(), hook.name())
        .update();
    forget(claimed.event());
  }

  /** Has one sent again, each time after twice as long. */
  void again(Webhook hook, Delivery claimed) {
    jdbc.sql(
            "update webhook_delivery set due_at = ?"
                + " where event_id = ? and hook = ? and attempts = ?")
        .params(later(delay(claimed.attempts())), claimed.event(), hook.name(), claimed.attempts())
        .update();
  }

  static Duration delay(int attempts) {
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(attempts - 1, 20));
    return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
  }

  /** Gives one up; it stays to be seen until it is forgotten. */
  void bury(Webhook hook, Delivery claimed) {
    jdbc.sql(
            "update webhook_delivery set dead = true"
                + " where event_id = ? and hook = ? and attempts = ?")
        .params(claimed.event(), hook.name(), claimed.attempts())
        .update();
  }

  /** Has everything tried at once that waits: nobody else can be telling it. */
  void hurry() {
    jdbc.sql("update webhook_delivery set due_at = ? where due_at > ? and dead = false")
        .params(now(), now())
        .update();
  }

  /** Forgets what happened before, told or not, and returns how much that was. */
  int forgetBefore(Instant before) {
    return jdbc.sql("delete from webhook_event where created_at < ?")
        .param(before.atOffset(ZoneOffset.UTC))
        .update();
  }

  /** Counts those that wait, or those that were given up. */
  long count(boolean dead) {
    return jdbc.sql("select count(*) from webhook_delivery where dead = ?")
        .param(dead)
        .query(Long.class)
        .single();
  }

  private void forget(long event) {
    jdbc.sql(
            "delete from webhook_event where id = ? and spread = true and not exists"
                + " (select 1 from webhook_delivery d where d.event_id = webhook_event.id)")
        .param(event)
        .update();
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private OffsetDateTime later(Duration delay) {
    return now().plus(delay);
  }
}
