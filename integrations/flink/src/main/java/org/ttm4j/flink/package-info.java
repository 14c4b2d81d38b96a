/** Forecasts in Flink's SQL, Table and DataStream API. Start with {@link org.ttm4j.flink.TtmForecastFunction}. */
package org.ttm4j.flink;
