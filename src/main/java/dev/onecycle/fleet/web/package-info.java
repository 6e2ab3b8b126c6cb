/** Workers over HTTP. */
@NullMarked
package dev.onecycle.fleet.web;

import org.jspecify.annotations.NullMarked;
