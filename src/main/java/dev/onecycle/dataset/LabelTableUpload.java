package dev.onecycle.dataset;

import dev.onecycle.store.Blob;

/**
 * A table of labels that was sent beside an archive.
 *
 * @param name its own, as a file
 */
public record LabelTableUpload(String name, Blob blob) {}
