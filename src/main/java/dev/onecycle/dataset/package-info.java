/** Labelled pictures: import, labels, split, audit. */
package dev.onecycle.dataset;
