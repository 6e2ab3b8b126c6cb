/**
 * What a trained network is worth: accuracy, confusion, top losses, calibration, test-time
 * augmentation.
 */
package dev.onecycle.evaluation;
