/**
 * Training: {@link org.ttm4j.ttm.train.Trainer} draws windows from a {@link org.ttm4j.ttm.train.WindowSource}, shares
 * each batch among threads, steps AdamW, and can stop and go on at any step.
 */
package org.ttm4j.ttm.train;
