/**
 * Forecasts of many series on Apache Spark. Start with {@link org.ttm4j.spark.TtmForecast}; from SQL and Python with
 * {@link org.ttm4j.spark.TtmExtensions}.
 */
package org.ttm4j.spark;
