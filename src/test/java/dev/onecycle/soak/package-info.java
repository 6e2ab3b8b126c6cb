/** The service used and misused at once for long, and killed meanwhile. */
package dev.onecycle.soak;
