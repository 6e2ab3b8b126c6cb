package dev.onecycle.run;

import dev.onecycle.testing.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

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

  /** Whole trainings, so not in every build. */
  @Nested
  @OnPostgres
  @Tag("proof")
  class Resuming extends ResumeIT {}

  @Nested
  @OnPostgres
  class Forecasting extends QueueForecastIT {}

  @Nested
  @OnPostgres
  class Importing extends ImportRunIT {}

  @Nested
  @OnPostgres
  class Orphaned extends OrphansIT {}
}
