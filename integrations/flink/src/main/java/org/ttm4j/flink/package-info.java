/** Forecasts in Flink: in SQL, in the Table API and in the DataStream API. Start with {@link org.ttm4j.flink.TtmForecastFunction}. */
package org.ttm4j.flink;
