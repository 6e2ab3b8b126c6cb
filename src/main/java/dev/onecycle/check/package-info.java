/**
 * What a device must do before anything is entrusted to it, tried on the device itself and told in
 * one document: {@code bin/gpu-check}.
 */
@NullMarked
package dev.onecycle.check;

import org.jspecify.annotations.NullMarked;
