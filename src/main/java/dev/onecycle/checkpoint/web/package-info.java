/** Checkpoints over HTTP. */
@NullMarked
package dev.onecycle.checkpoint.web;

import org.jspecify.annotations.NullMarked;
