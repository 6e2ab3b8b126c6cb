/**
 * What every room stands on: failures, the clock, the home directory and settings of the process.
 */
@NullMarked
package dev.onecycle.platform;

import org.jspecify.annotations.NullMarked;
