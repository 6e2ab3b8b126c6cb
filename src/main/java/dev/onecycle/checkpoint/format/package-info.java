/** The safetensors format: a reader that trusts nothing, and a writer. */
@org.springframework.modulith.NamedInterface
@NullMarked
package dev.onecycle.checkpoint.format;

import org.jspecify.annotations.NullMarked;
