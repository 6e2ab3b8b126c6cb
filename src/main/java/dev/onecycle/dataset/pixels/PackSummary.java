package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Layout;
import java.util.List;

/**
 * What an import found.
 *
 * @param pictures how many have a label
 * @param split as asked for, with its strategy decided
 * @param labels sorted by name
 * @param statistics of the training pictures
 * @param medianSide half of the pictures are at most this on their shorter side, in pixels
 * @param layout how the files were understood
 * @param audit what is worth knowing before training on it
 */
public record PackSummary(
    int pictures,
    SplitSpec split,
    List<LabelCount> labels,
    ChannelStatistics statistics,
    int medianSide,
    Layout layout,
    Audit audit) {}
