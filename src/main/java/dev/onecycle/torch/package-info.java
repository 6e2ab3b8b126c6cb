/**
 * The only room that calls the native engine: scopes, tensors, TorchScript from text, devices,
 * threads.
 */
package dev.onecycle.torch;
