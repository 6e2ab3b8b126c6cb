/** How gradients change weights: over flat vectors, group by group. */
@NamedInterface
@NullMarked
package dev.onecycle.training.optimizer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
