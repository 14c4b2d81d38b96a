/** Forecasts of series that add up, on all levels: begin with {@link org.ttm4j.forecast.hierarchy.Hierarchy}. */
package org.ttm4j.forecast.hierarchy;
