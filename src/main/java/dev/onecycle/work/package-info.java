/**
 * What runs do: import, train, sweep the learning rate, evaluate, predict many pictures. It is the
 * only room that knows runs, training and serving.
 */
@NullMarked
package dev.onecycle.work;

import org.jspecify.annotations.NullMarked;
