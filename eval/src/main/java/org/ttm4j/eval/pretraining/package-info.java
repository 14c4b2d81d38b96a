/**
 * The parts of a pre-training run. Start with {@link org.ttm4j.eval.pretraining.PretrainConfig}, the configuration file, and
 * {@link org.ttm4j.eval.pretraining.PretrainWindows}, the windows that the run draws. The resource {@code kept-aside.txt}
 * lists data sets that no run on the project's corpus should train on.
 */
package org.ttm4j.eval.pretraining;
