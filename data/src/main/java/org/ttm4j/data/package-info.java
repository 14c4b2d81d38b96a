/**
 * Time series as files and as arrays. Start with {@link org.ttm4j.data.CsvReader}, which turns a CSV into
 * {@link org.ttm4j.data.TimeSeries} on a regular grid and says in a {@link org.ttm4j.data.RepairReport} what it had to
 * repair; {@link org.ttm4j.data.EvaluationProtocol}, {@link org.ttm4j.data.Standardizer} and
 * {@link org.ttm4j.data.Baselines} are the long-horizon benchmark. Missing values are NaN throughout.
 */
package org.ttm4j.data;
