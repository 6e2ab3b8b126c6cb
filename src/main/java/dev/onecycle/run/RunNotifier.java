package dev.onecycle.run;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Notifications that a run changed: at once after a commit of this process, within half a second
 * after another's. One may come twice and carries no data that the tables lack.
 *
 * <p>Subscribers are called by the thread that committed, so they take note and return.
 */
@Component
public class RunNotifier {

  private final Map<Subscription, RunChanged> notified = new ConcurrentHashMap<>();
  private final Runs runs;

  RunNotifier(Runs runs) {
    this.runs = runs;
  }

  /** A subscription to the changes of one run, until it is closed. */
  public final class Subscription implements AutoCloseable {

    private final UUID run;
    private final Consumer<RunChanged> called;

    private Subscription(UUID run, Consumer<RunChanged> called) {
      this.run = run;
      this.called = called;
    }

    @Override
    public void close() {
      notified.remove(this);
    }
  }

  /** Calls {@code called} with each change of a run, until the subscription is closed. */
  public Subscription subscribe(UUID run, Consumer<RunChanged> called) {
    Subscription subscription = new Subscription(run, called);
    notified.put(subscription, new RunChanged(run, 0, RunState.QUEUED, 0));
    return subscription;
  }

  @TransactionalEventListener
  void publish(RunChanged change) {
    notified.keySet().stream()
        .filter(l -> l.run.equals(change.run()))
        .forEach(l -> deliver(l, change));
  }

  /** Notifies of what other processes committed. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void poll() {
    Set<UUID> watched = notified.keySet().stream().map(l -> l.run).collect(Collectors.toSet());
    if (!watched.isEmpty()) {
      runs.standing(watched).forEach(this::publish);
    }
  }

  private void deliver(Subscription subscription, RunChanged change) {
    if (!change.equals(notified.replace(subscription, change))) {
      subscription.called.accept(change);
    }
  }
}
