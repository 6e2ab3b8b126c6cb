/** Labels in doubt: what checks of them are asked for, keep and find. */
@NullMarked
package dev.onecycle.work.labels;

import org.jspecify.annotations.NullMarked;
