/** Workers: the processes that work on runs, their heartbeats, devices, leases and slots. */
@NullMarked
package dev.onecycle.fleet;

import org.jspecify.annotations.NullMarked;
