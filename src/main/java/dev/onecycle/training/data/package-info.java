/** The batches that training reads, and the threads that load them ahead. */
@NamedInterface
@NullMarked
package dev.onecycle.training.data;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
