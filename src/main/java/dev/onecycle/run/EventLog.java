package dev.onecycle.run;

import jakarta.persistence.EntityManager;
import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The log of what happens to runs: written with the change itself, announced once committed. */
@Component
class EventLog {

  private final EntityManager entities;
  private final JsonMapper mapper;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  EventLog(
      EntityManager entities, JsonMapper mapper, ApplicationEventPublisher publisher, Clock clock) {
    this.entities = entities;
    this.mapper = mapper;
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
    String json = mapper.writeValueAsString(data);
    entities.persist(new RunEvent(run.id(), run.nextEvent(), type, clock.instant(), json));
    publisher.publishEvent(RunChanged.of(run));
  }
}
