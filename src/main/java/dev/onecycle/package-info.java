/** The service as a whole: what starts it. */
@NullMarked
package dev.onecycle;

import org.jspecify.annotations.NullMarked;
