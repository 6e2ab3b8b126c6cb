/** Labelled pictures: import, labels, split, audit. */
@NullMarked
package dev.onecycle.dataset;

import org.jspecify.annotations.NullMarked;
