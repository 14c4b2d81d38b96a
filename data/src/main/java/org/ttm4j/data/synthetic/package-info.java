/**
 * Synthetic series to pre-train forecasters on. Start with {@link org.ttm4j.data.synthetic.SyntheticSeries}, which
 * composes a series of seasons, slow drift, trend, noise and events. {@link org.ttm4j.data.synthetic.ShortSeries} are for
 * measuring, not for training.
 */
package org.ttm4j.data.synthetic;
