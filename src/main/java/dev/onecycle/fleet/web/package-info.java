/** Workers over HTTP. */
package dev.onecycle.fleet.web;
