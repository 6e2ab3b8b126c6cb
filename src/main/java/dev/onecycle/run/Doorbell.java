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
 * The bell that tells whoever listens that a run changed: at once after a commit of this process,
 * within half a second after another's. A ring may come twice and carries no data that the tables
 * lack.
 *
 * <p>Listeners are called by the thread that committed, so they take note and return.
 */
@Component
public class Doorbell {

  private final Map<Listener, RunChanged> heard = new ConcurrentHashMap<>();
  private final Runs runs;

  Doorbell(Runs runs) {
    this.runs = runs;
  }

  /** Somebody who listens, until closed. */
  public final class Listener implements AutoCloseable {

    private final UUID run;
    private final Consumer<RunChanged> called;

    private Listener(UUID run, Consumer<RunChanged> called) {
      this.run = run;
      this.called = called;
    }

    @Override
    public void close() {
      heard.remove(this);
    }
  }

  /** Calls {@code called} with each change of a run, until the listener is closed. */
  public Listener listen(UUID run, Consumer<RunChanged> called) {
    Listener listener = new Listener(run, called);
    heard.put(listener, new RunChanged(run, 0, RunState.QUEUED, 0));
    return listener;
  }

  @TransactionalEventListener
  void ring(RunChanged change) {
    heard.keySet().stream().filter(l -> l.run.equals(change.run())).forEach(l -> tell(l, change));
  }

  /** Rings for what other processes committed. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void poll() {
    Set<UUID> listened = heard.keySet().stream().map(l -> l.run).collect(Collectors.toSet());
    if (!listened.isEmpty()) {
      runs.standing(listened).forEach(this::ring);
    }
  }

  private void tell(Listener listener, RunChanged change) {
    if (!change.equals(heard.replace(listener, change))) {
      listener.called.accept(change);
    }
  }
}
