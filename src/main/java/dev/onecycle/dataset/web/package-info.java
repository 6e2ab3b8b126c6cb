/** Datasets over HTTP. */
package dev.onecycle.dataset.web;
