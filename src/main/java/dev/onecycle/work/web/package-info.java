/** What runs do, over HTTP. */
@NullMarked
package dev.onecycle.work.web;

import org.jspecify.annotations.NullMarked;
