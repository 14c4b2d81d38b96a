/** Forecasts in Kafka Streams. Start with {@link org.ttm4j.kafka.TtmForecastProcessor}. */
package org.ttm4j.kafka;
