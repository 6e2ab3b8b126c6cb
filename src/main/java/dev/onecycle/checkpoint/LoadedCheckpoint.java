package dev.onecycle.checkpoint;

import dev.onecycle.network.StateDict;
import java.util.UUID;

/** A checkpoint whose weights are in memory, verified. */
public record LoadedCheckpoint(UUID id, Manifest manifest, StateDict state) {}
