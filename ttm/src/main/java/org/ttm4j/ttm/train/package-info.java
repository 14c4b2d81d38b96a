/**
 * Training. To adapt a model to series of one's own, start with {@link org.ttm4j.ttm.train.FineTuning}; to train on windows of
 * any source, with {@link org.ttm4j.ttm.train.Trainer}, which draws them from a {@link org.ttm4j.ttm.train.WindowSource},
 * shares each batch among threads, steps AdamW, and can be saved and resumed at any step.
 */
package org.ttm4j.ttm.train;
