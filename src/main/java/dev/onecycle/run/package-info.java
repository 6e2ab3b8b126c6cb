/** Runs: their states, the queue, the workers, the record of what happened. */
@NullMarked
package dev.onecycle.run;

import org.jspecify.annotations.NullMarked;
