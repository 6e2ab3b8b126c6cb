package dev.onecycle.run;

import java.util.UUID;

/** The event that a run's rows were deleted. */
record RunDeleted(UUID run) {}
