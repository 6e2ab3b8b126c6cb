package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.config.startup.ContextReadyStart;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.event.TransactionalEventListener;

/** Starts the worker once the context is ready, and wakes it when a run was queued. */
class WorkerStart extends ContextReadyStart {

  private static final Logger log = LoggerFactory.getLogger(WorkerStart.class);

  private final Scheduler scheduler;
  private final Executions executions;
  private final DataSource source;

  WorkerStart(Scheduler scheduler, Executions executions, DataSource source) {
    super(scheduler);
    this.scheduler = scheduler;
    this.executions = executions;
    this.source = source;
  }

  /**
   * On H2 this process is the only worker, so what is held when it starts was held by one that is
   * gone: the scheduler's first look for the dead, right at its start, finds it.
   */
  @Override
  public void doStart() {
    if (!scheduler.getSchedulerState().isStarted() && isH2()) {
      int left = executions.expire();
      log.info("{} runs were held when the service last ended", left);
    }
    super.doStart();
  }

  /** After the commit: before it the scheduler would look and find nothing. */
  @TransactionalEventListener(condition = "#change.state() == T(dev.onecycle.run.RunState).QUEUED")
  void queued(RunChanged change) {
    scheduler.triggerCheckForDueExecutions();
  }

  private boolean isH2() {
    try {
      String url = JdbcUtils.extractDatabaseMetaData(source, meta -> meta.getURL());
      return DatabaseDriver.fromJdbcUrl(url) == DatabaseDriver.H2;
    } catch (MetaDataAccessException e) {
      throw new IllegalStateException("the database does not say what it is", e);
    }
  }
}
