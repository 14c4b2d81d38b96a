package org.ttm4j.kafka;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/** Readings into the one topic, forecasts from the other, and what these are to be. */
final class Topics {
    static final long HOUR = Duration.ofHours(1).toMillis();
    /** How long a test waits for the next forecast: instances and brokers start slowly on a machine with much to do. */
    static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration COMMITS = Duration.ofSeconds(2);
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

    /**
     * One request at a time: a broker refuses the first batch of a partition that it is still creating, takes a second one that
     * is on its way, and the first one never comes in again ({@code OUT_OF_ORDER_SEQUENCE_NUMBER}).
     */
    static KafkaProducer<String, Double> producer(String address) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 600_000, ProducerConfig.MAX_BLOCK_MS_CONFIG, 600_000,
                        ProducerConfig.LINGER_MS_CONFIG, 5, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                new StringSerializer(), new DoubleSerializer());
    }

    /** Reads all that is committed, from the beginning. */
    static KafkaConsumer<String, String> consumer(String address, String topic, int partitions) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"), new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> assigned = new ArrayList<>();
        for (int p = 0; p < partitions; p++) assigned.add(new TopicPartition(topic, p));
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
        return consumer;
    }

    /**
     * Committed forecasts until there are so many, and then for two intervals of commits more, in case there are too many; or
     * until none have come for minutes, so that a test says which are missing.
     *
     * @param supervisor is called again and again
     */
    static List<String> forecasts(String address, String topic, int partitions, int count, Supervisor supervisor)
            throws Exception {
        List<String> all = new ArrayList<>();
        Map<String, String> places = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = consumer(address, topic, partitions)) {
            // By the clock: a poll is empty at once, too, where a transaction ends.
            long last = System.nanoTime();
            while (System.nanoTime() - last < (all.size() < count ? PATIENCE : COMMITS).toNanos()) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofSeconds(1))) {
                    String forecast = one.key() + " at " + one.timestamp() + ": " + one.value();
                    String place = "partition " + one.partition() + ", offset " + one.offset();
                    String before = places.putIfAbsent(forecast, place);
                    if (before != null) System.err.println("twice, at " + before + " and " + place + ": " + forecast);
                    all.add(forecast);
                    last = System.nanoTime();
                }
                supervisor.look();
            }
        }
        return all.stream().sorted().toList();
    }

    /** Sees to it that what has ended goes on. */
    @FunctionalInterface
    interface Supervisor {
        void look() throws Exception;
    }

    /** Fails with what is missing and what is too many, as far as it is short, and what else there is to say. */
    static void assertSame(List<String> expected, List<String> forecasts, Supplier<String> more) {
        List<String> missing = without(expected, forecasts);
        List<String> tooMany = without(forecasts, expected);
        if (missing.isEmpty() && tooMany.isEmpty()) return;
        fail("of " + expected.size() + " forecasts are missing " + some(missing) + "and too many " + some(tooMany)
                + more.get());
    }

    /** The elements of a list that another one lacks, as often as it lacks them. */
    private static List<String> without(List<String> all, List<String> others) {
        List<String> left = new ArrayList<>(all);
        for (String one : others) left.remove(one);
        return left;
    }

    private static String some(List<String> of) {
        StringBuilder text = new StringBuilder().append(of.size()).append('\n');
        of.stream().limit(8).forEach(one -> text.append("  ").append(one).append('\n'));
        return text.toString();
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
