/** Models and predictions over HTTP. */
package dev.onecycle.serving.web;
