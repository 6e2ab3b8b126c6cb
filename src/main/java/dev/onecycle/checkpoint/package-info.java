/** Weights that outlive their run: files, manifest and the row that finds them. */
package dev.onecycle.checkpoint;
