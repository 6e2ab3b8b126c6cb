/**
 * oneDNN by its own interface, beside the engine's: primitives that are made once and run often.
 */
@NamedInterface
@NullMarked
package dev.onecycle.torch.onednn;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
