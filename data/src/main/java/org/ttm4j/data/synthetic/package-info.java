/**
 * Synthetic series to pre-train forecasters on. Start with {@link org.ttm4j.data.synthetic.SyntheticSeries}, which
 * composes a series of seasons, slow drift, trend, noise and events.
 */
package org.ttm4j.data.synthetic;
