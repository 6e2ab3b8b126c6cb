/** The training loop and its parts: schedule, optimizer, losses, batches. */
package dev.onecycle.training;
