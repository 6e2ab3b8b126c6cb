package dev.onecycle.checkpoint;

import dev.onecycle.store.Blob;
import java.util.UUID;

/** The deletion of a checkpoint's row, published inside the transaction that deleted it. */
public record CheckpointDeleted(UUID id, Blob weights) {}
