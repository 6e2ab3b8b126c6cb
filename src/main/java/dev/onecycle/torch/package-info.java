/**
 * The only room that calls the native engine: scopes, tensors, TorchScript from text, devices,
 * threads.
 */
@NullMarked
package dev.onecycle.torch;

import org.jspecify.annotations.NullMarked;
