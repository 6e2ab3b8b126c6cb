package dev.onecycle.training.optimizer;

/**
 * The numbers of one parameter group for one step, from the schedule.
 *
 * @param frozen whether its convolution and head weights rest; its norms train all the same
 */
public record Rates(double learningRate, double momentum, boolean frozen) {}
