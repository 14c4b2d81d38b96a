/**
 * Reads series from database tables, and writes forecasts to them. Start with {@link org.ttm4j.jdbc.TableForecast},
 * which reads with a {@link org.ttm4j.jdbc.SeriesCursor} and writes with a {@link org.ttm4j.jdbc.ForecastWriter}.
 */
package org.ttm4j.jdbc;
