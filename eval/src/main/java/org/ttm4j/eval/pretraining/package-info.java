/**
 * Pre-training. Start with {@link org.ttm4j.eval.pretraining.PretrainingRun};
 * {@link org.ttm4j.eval.pretraining.PretrainConfig} is the configuration file,
 * {@link org.ttm4j.eval.pretraining.PretrainWindows} draws the windows. The resource {@code kept-aside.txt} lists the
 * data sets of the project's corpus that must not be used for training.
 */
package org.ttm4j.eval.pretraining;
