/**
 * Forecasts in Flink SQL, the Table API and the DataStream API. Start with {@link org.ttm4j.flink.TtmForecastFunction}.
 */
package org.ttm4j.flink;
