/** Forecasts of series that arrive one value at a time. Start with {@link org.ttm4j.forecast.live.LiveSeries}. */
package org.ttm4j.forecast.live;
