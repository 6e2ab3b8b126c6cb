package dev.onecycle.dataset;

import dev.onecycle.store.Blob;

/**
 * A table of labels that was sent beside an archive, or for what came out of one.
 *
 * @param name its own, as a file
 */
public record LabelTableUpload(String name, Blob blob) {}
