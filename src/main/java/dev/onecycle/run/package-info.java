/** Runs: their states, the queue, the workers, the record of what happened. */
package dev.onecycle.run;
