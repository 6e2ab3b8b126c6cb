/**
 * What a trained network is worth: accuracy, confusion, top losses, calibration, test-time
 * augmentation.
 */
@NullMarked
package dev.onecycle.evaluation;

import org.jspecify.annotations.NullMarked;
