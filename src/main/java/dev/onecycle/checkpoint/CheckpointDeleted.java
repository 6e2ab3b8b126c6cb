package dev.onecycle.checkpoint;

import dev.onecycle.store.Blob;
import java.util.UUID;

/** A checkpoint's row is gone; published inside the transaction that deleted it. */
public record CheckpointDeleted(UUID id, Blob weights) {}
