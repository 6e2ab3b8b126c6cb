/** XResNet: described once as data, stored as flat vectors, named as fastai names it. */
@NullMarked
package dev.onecycle.network;

import org.jspecify.annotations.NullMarked;
