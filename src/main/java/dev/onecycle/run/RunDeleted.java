package dev.onecycle.run;

import java.util.UUID;

/** A run's rows were deleted. */
record RunDeleted(UUID run) {}
