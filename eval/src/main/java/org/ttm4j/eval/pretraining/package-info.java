/**
 * Pre-training. Start with {@link org.ttm4j.eval.pretraining.PretrainingRun}; {@link org.ttm4j.eval.pretraining.PretrainConfig}
 * is the configuration file, {@link org.ttm4j.eval.pretraining.PretrainWindows} draws the windows. The resource {@code kept-aside.txt}
 * lists data sets that no run on the project's corpus should train on.
 */
package org.ttm4j.eval.pretraining;
