/**
 * What every room stands on: failures, the clock, the home directory and settings of the process.
 */
package dev.onecycle.platform;
