/** Named models and predictions. */
@NullMarked
package dev.onecycle.serving;

import org.jspecify.annotations.NullMarked;
