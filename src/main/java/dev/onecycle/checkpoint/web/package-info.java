/** Checkpoints over HTTP. */
package dev.onecycle.checkpoint.web;
