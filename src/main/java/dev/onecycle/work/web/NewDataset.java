package dev.onecycle.work.web;

import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.SplitSpec;

/**
 * A request to import.
 *
 * @param name to show, or null
 * @param source where the pictures come from
 * @param split or null: by folders where both exist, else random; its strategy's word alone will do
 */
record NewDataset(String name, Source source, SplitSpec split) {}
