/** Weights that outlive their run: files, manifest and the row that finds them. */
@NullMarked
package dev.onecycle.checkpoint;

import org.jspecify.annotations.NullMarked;
