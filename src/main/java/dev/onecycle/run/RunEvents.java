package dev.onecycle.run;

import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The events of all runs. */
public interface RunEvents extends Repository<RunEvent, RunEvent.Key> {

  /** The events numbered above {@code after}, in order. */
  @Query(
      "select e from RunEvent e where e.key.runId = :run and e.key.seq > :after order by e.key.seq")
  List<RunEvent> after(UUID run, long after, Limit limit);

  /** The last events of one type, the newest first. */
  @Query(
      "select e from RunEvent e where e.key.runId = :run and e.type = :type"
          + " order by e.key.seq desc")
  List<RunEvent> last(UUID run, String type, Limit limit);
}
