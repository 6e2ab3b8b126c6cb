/** Searches, over HTTP. */
@NullMarked
package dev.onecycle.search.web;

import org.jspecify.annotations.NullMarked;
