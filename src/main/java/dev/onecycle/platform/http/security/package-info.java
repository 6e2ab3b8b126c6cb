/** Who may do what: API keys, their roles, and what is refused before any route sees it. */
@NullMarked
package dev.onecycle.platform.http.security;

import org.jspecify.annotations.NullMarked;
