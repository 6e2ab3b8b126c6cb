/** What runs leave beside checkpoints: results, and output in parts. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.run.output;

import org.jspecify.annotations.NullMarked;
