/**
 * Training. To adapt a model to given series, start with {@link org.ttm4j.ttm.train.FineTuning}; to train on windows of
 * any source, with {@link org.ttm4j.ttm.train.Trainer}, which reads them from a
 * {@link org.ttm4j.ttm.train.WindowSource}, divides each batch among threads, takes steps of AdamW, and can be saved
 * and resumed at any step.
 */
package org.ttm4j.ttm.train;
