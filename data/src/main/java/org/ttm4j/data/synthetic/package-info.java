/**
 * Synthetic series to pre-train forecasters on. Start with {@link org.ttm4j.data.synthetic.SyntheticSeries}.
 */
package org.ttm4j.data.synthetic;
