package dev.onecycle.checkpoint;

import java.util.UUID;

/**
 * The moment of a run that weights come from.
 *
 * @param attempt which start of the run, from 1
 * @param phase which phase of its recipe, from 1
 * @param epoch how many epochs of that phase were done
 */
public record Origin(UUID run, int attempt, int phase, int epoch) {}
