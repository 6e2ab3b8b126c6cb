package dev.onecycle.run.history;

import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The epochs of all runs. */
public interface RunEpochs extends Repository<RunEpoch, UUID> {

  /** The epochs of a run in the order they were trained. */
  @Query(
      "select e.result from RunEpoch e where e.runId = :run order by e.result.phase, e.result.epoch")
  List<EpochRecord> of(UUID run);

  /** The latest epochs of all runs, newest first. */
  @Query(
      """
      select new dev.onecycle.run.history.PastEpoch(
        r.workload, r.device, e.result.phase, e.result.epoch, e.result.imagesPerSecond)
      from RunEpoch e join Run r on r.id = e.runId
      where r.workload is not null order by e.id desc
      """)
  List<PastEpoch> latest(Limit limit);

  /** Forgets a run's epochs from that one on: they do not count any more. */
  @Modifying
  @Query(
      """
      delete from RunEpoch e where e.runId = :run
      and (e.result.phase > :phase or e.result.phase = :phase and e.result.epoch >= :epoch)
      """)
  void forget(UUID run, int phase, int epoch);
}
