package dev.onecycle.run.output;

import dev.onecycle.store.Blob;

/**
 * A part of what a run writes out: a file in the store.
 *
 * @param number from 0, in the order of the items
 * @param items how many of the things that the run works on it covers
 * @param problems how many of these could not be worked on
 * @param last the name of its last item, up to 1,000 characters
 */
public record OutputPart(int number, int items, int problems, String last, Blob file) {}
