/** Blobs by key: put atomically, get, verify, list, delete. */
@NullMarked
package dev.onecycle.store;

import org.jspecify.annotations.NullMarked;
