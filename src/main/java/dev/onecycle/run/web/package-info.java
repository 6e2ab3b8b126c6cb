/** Runs over HTTP. */
package dev.onecycle.run.web;
