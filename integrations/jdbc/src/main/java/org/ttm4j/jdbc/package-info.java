/**
 * Series from the tables of a database, and forecasts into them. Start with {@link org.ttm4j.jdbc.TableForecast}, which
 * reads with a {@link org.ttm4j.jdbc.SeriesCursor} and writes with a {@link org.ttm4j.jdbc.ForecastWriter}.
 */
package org.ttm4j.jdbc;
