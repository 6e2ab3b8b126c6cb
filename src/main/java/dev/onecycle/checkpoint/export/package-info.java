/** Checkpoints in the forms of others. */
@NullMarked
package dev.onecycle.checkpoint.export;

import org.jspecify.annotations.NullMarked;
