package dev.onecycle.run;

import dev.onecycle.OnPostgres;
import org.junit.jupiter.api.Nested;

/** What runs go through, once more on PostgreSQL. */
class RunsOnPostgresIT {

  @Nested
  @OnPostgres
  class Working extends RunWorkerIT {}

  @Nested
  @OnPostgres
  class Leasing extends LeaseIT {}

  @Nested
  @OnPostgres
  class Pausing extends PauseIT {}

  @Nested
  @OnPostgres
  class Resuming extends ResumeIT {}

  @Nested
  @OnPostgres
  class Forecasting extends QueueForecastIT {}

  @Nested
  @OnPostgres
  class Curves extends RunCurvesIT {}

  @Nested
  @OnPostgres
  class Orphaned extends OrphansIT {}
}
