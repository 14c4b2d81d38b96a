package org.ttm4j.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.live.StreamForecast;
import org.ttm4j.ttm.live.StreamSettings;

/** Readings into the one topic, forecasts from the other, and what these are to be. */
final class Topics {
    static final long HOUR = Duration.ofHours(1).toMillis();
    /** 2026-01-01T00:00Z. */
    static final long START = 1_767_225_600_000L;

    private Topics() {}

    /** What series number {@code key} has at an hour; float32 holds it. */
    static double value(int key, int hour) {
        double noise = new Random(31L * key + 1_000_003L * hour).nextGaussian();
        return (float) (50 + key % 7 + 10 * Math.sin(2 * Math.PI * (hour + key) / 24) + noise);
    }

    static long time(int hour) {
        return START + hour * HOUR;
    }

    static KafkaProducer<String, Double> producer(String address) {
        return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 600_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 600_000, ProducerConfig.LINGER_MS_CONFIG, 5),
                new StringSerializer(), new DoubleSerializer());
    }

    /** Reads all committed forecasts. */
    static KafkaConsumer<String, String> consumer(String address, int partitions) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"), new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> assigned = new ArrayList<>();
        for (int p = 0; p < partitions; p++) assigned.add(new TopicPartition(StreamInstance.FORECASTS, p));
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
        return consumer;
    }

    /**
     * Committed forecasts until there are so many, and then for some seconds more, in case there are too many; or until none
     * have come for minutes, so that a test says which are missing.
     */
    static List<String> forecasts(String address, int partitions, int count) {
        List<String> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(address, partitions)) {
            int quiet = 0;
            while (quiet < (all.size() < count ? 180 : 5)) {
                boolean none = true;
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofSeconds(1))) {
                    all.add(one.key() + " at " + one.timestamp() + ": " + one.value());
                    none = false;
                }
                quiet = none ? quiet + 1 : 0;
            }
        }
        return all.stream().sorted().toList();
    }

    /** The forecast that the forecaster makes of a history when it is called directly, as {@link #forecasts} has it. */
    static String expected(Forecaster forecaster, StreamSettings settings, String key, int origin, double[] history) {
        ForecastRequest request = ForecastRequest.of(new double[][]{history})
                .withHorizon(settings.horizon())
                .withFrequency(settings.frequency());
        Forecast forecast = forecaster.forecast(request);
        return key + " at " + time(origin) + ": " + StreamInstance
                .text(new StreamForecast(time(origin), HOUR, forecast.doubleValues()[0], new double[0][]));
    }
}
