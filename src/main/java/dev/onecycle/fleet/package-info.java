/** Workers: the processes that work on runs, their heartbeats, devices, leases and slots. */
package dev.onecycle.fleet;
