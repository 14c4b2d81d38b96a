/**
 * What a forecast rests on. Start with {@link org.ttm4j.forecast.explain.Explanation}, which
 * {@link org.ttm4j.forecast.ModelForecaster#explain} makes.
 */
package org.ttm4j.forecast.explain;
