package org.ttm4j.kafka;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/** An instance of the application that the tests run, here or as a process: ADDRESS FOLDER THREADS. */
final class StreamInstance {
    static final String READINGS = "readings";
    static final String FORECASTS = "forecasts";
    static final StreamSettings SETTINGS = StreamSettings.of(3, Duration.ofHours(1))
            .withModel("96-24")
            .withMode("fast")
            .withContext(24);

    private StreamInstance() {}

    public static void main(String[] arguments) throws InterruptedException {
        KafkaStreams streams = start(arguments[0], arguments[1], Integer.parseInt(arguments[2]),
                application(READINGS, FORECASTS, Duration.ZERO), Map.of());
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        // It ends by itself when its last thread has: a process that is alive and does nothing would not be started again.
        while (!streams.state().hasCompletedShutdown()) Thread.sleep(100);
        System.exit(1);
    }

    /** Forecasts of one topic into another. */
    static Consumer<StreamsBuilder> application(String readings, String forecasts, Duration grace) {
        return builder -> forecasts(readings(builder, readings), SETTINGS, grace).to(forecasts,
                Produced.with(Serdes.String(), Serdes.String()));
    }

    static KStream<String, Double> readings(StreamsBuilder builder, String topic) {
        return builder.stream(topic, Consumed.with(Serdes.String(), Serdes.Double()));
    }

    /** Their forecasts as texts. */
    static KStream<String, String> forecasts(KStream<String, Double> readings, StreamSettings settings,
            Duration grace) {
        return readings
                .processValues(
                        TtmForecastProcessor.supplier("series", Serdes.String(), Double::doubleValue, settings, grace))
                .mapValues(StreamInstance::text);
    }

    /** @param more properties, which count before those that all tests have */
    static KafkaStreams start(String address, String folder, int threads, Consumer<StreamsBuilder> application,
            Map<String, Object> more) {
        StreamsBuilder builder = new StreamsBuilder();
        application.accept(builder);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, address);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6000);
        properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1000);
        // A rebalance waits as long for a thread that waits for a broker, 5 minutes by default.
        properties.put(StreamsConfig.consumerPrefix("max.poll.interval.ms"), 60_000);
        properties.putAll(more);
        KafkaStreams streams = new KafkaStreams(builder.build(), properties);
        // A broker that is gone for long ends the thread, not the instance.
        streams.setUncaughtExceptionHandler(gone -> {
            gone.printStackTrace();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
        return streams;
    }

    /** Every bit of a forecast. */
    static String text(StreamForecast forecast) {
        return forecast.origin() + " " + Arrays.toString(forecast.values()) + Arrays.deepToString(forecast.quantiles());
    }
}
