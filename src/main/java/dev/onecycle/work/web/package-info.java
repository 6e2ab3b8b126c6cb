/** What runs do, over HTTP. */
package dev.onecycle.work.web;
