package dev.onecycle.run;

import java.util.UUID;

/** A worker's claim on a run: it writes as long as its attempt is the run's. */
public record Lease(UUID run, int attempt) {}
