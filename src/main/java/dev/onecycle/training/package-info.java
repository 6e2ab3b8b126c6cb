/** The training loop and its parts: schedule, optimizer, losses, batches. */
@NullMarked
package dev.onecycle.training;

import org.jspecify.annotations.NullMarked;
