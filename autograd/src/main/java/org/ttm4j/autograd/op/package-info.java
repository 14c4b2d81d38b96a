/**
 * One file per operation, with its formula, its forward, its backward, and an example such as
 * {@code Relu.of([-1, 0, 2]) = [0, 0, 2]}. In examples, tensors and parameters are lists of their rows, and numbers are
 * rounded to the digits shown. A test runs every example in a graph of mode TRAINING.
 */
package org.ttm4j.autograd.op;
