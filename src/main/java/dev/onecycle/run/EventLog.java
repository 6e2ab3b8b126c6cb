package dev.onecycle.run;

import dev.onecycle.platform.StoredJson;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The log of what happens to runs: written with the change itself, announced once committed. */
@Component
class EventLog {

  private final EntityManager entities;
  private final StoredJson json;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  EventLog(
      EntityManager entities, StoredJson json, ApplicationEventPublisher publisher, Clock clock) {
    this.entities = entities;
    this.json = json;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Appends the run's next event. INVARIANT: called under the row's lock, which makes the numbers
   * gap-free.
   *
   * @param data what becomes a JSON object
   */
  void tell(Run run, String type, Object data) {
    String told = json.write(data);
    entities.persist(new RunEvent(run.id(), run.nextEvent(), type, clock.instant(), told));
    publisher.publishEvent(RunChanged.of(run));
  }
}
