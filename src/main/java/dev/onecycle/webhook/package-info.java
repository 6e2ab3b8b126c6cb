/** Telling others of what happens here: an outbox, and the senders that empty it. */
@NullMarked
package dev.onecycle.webhook;

import org.jspecify.annotations.NullMarked;
