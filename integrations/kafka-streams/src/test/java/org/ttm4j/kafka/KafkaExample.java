package org.ttm4j.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.ttm4j.ttm.fixtures.StreamExample;
import org.ttm4j.ttm.fixtures.StreamExample.Meter;
import org.ttm4j.ttm.live.StreamSettings;

/**
 * Sends the sample of this repository and generated series through Kafka Streams and a broker, exactly once, and compares every
 * forecast with that of the forecaster called directly. Run it by {@code integrations/kafka-streams/example}.
 */
final class KafkaExample {
    private static final int PARTITIONS = 4;
    private static final StreamSettings SETTINGS = StreamSettings.of(24, Duration.ofHours(1))
            .withEvery(Duration.ofDays(1))
            .withMode("fast");
    private static final long HOUR = Duration.ofHours(1).toMillis();
    /** The last time that stream time passes. */
    private static final StreamExample EXAMPLE = new StreamExample("kafka streams 4.4.0", SETTINGS,
            hours -> (hours - 2) / 24 * 24);

    private KafkaExample() {}

    /** FOLDER [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        EXAMPLE.main(arguments, KafkaExample::run, KafkaExample::floor);
    }

    private static double run(float[][] series, double[][][] forecasts) throws Exception {
        return withBroker(series,
                readings -> readings
                        .processValues(TtmForecastProcessor.supplier("series", Serdes.String(), Double::doubleValue,
                                SETTINGS, Duration.ZERO))
                        .mapValues(StreamInstance::text)
                        .to(StreamInstance.FORECASTS, Produced.with(Serdes.String(), Serdes.String())),
                address -> {
                    // The first two values of a series are too few.
                    Meter meter = new Meter("forecasts", forecasts.length * (forecasts[0].length - 1));
                    return consume(address, meter, one -> keep(one, forecasts));
                });
    }

    /** Every reading is passed on. */
    private static double floor(float[][] series) throws Exception {
        return withBroker(series,
                readings -> readings.to(StreamInstance.FORECASTS, Produced.with(Serdes.String(), Serdes.Double())),
                address -> consume(address, new Meter("readings", series.length * series[0].length), one -> {}));
    }

    /** What the readings on the broker give. */
    @FunctionalInterface
    private interface Measurement {
        double of(String address);
    }

    /** Measures an application, with a broker of its own. */
    private static double withBroker(float[][] series, Consumer<KStream<String, Double>> flow, Measurement measurement)
            throws Exception {
        Path folder = Files.createTempDirectory("kafka-example");
        try (Broker broker = Broker.start(folder)) {
            broker.create(PARTITIONS, StreamInstance.READINGS, StreamInstance.FORECASTS);
            produce(broker.address(), series);
            StreamExample.note("the readings are on the broker");
            try (KafkaStreams streams = StreamInstance.start(broker.address(), folder.resolve("state").toString(), 2,
                    flow, Map.of())) {
                return measurement.of(broker.address());
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private static void produce(String address, float[][] series) {
        try (KafkaProducer<String, Double> producer = Topics.producer(address)) {
            for (int t = 0; t < series[0].length; t++) {
                for (int i = 0; i < series.length; i++) {
                    producer.send(new ProducerRecord<>(StreamInstance.READINGS, null, t * HOUR, "s" + i,
                            (double) series[i][t]));
                }
            }
        }
    }

    /** How many records came a second. */
    private static double consume(String address, Meter meter, Consumer<ConsumerRecord<String, String>> each) {
        try (KafkaConsumer<String, String> consumer = Topics.consumer(address, PARTITIONS)) {
            while (Double.isNaN(meter.perSecond())) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofSeconds(1))) {
                    each.accept(one);
                    meter.count(1);
                }
            }
        }
        return meter.perSecond();
    }

    private static void keep(ConsumerRecord<String, String> one, double[][][] forecasts) {
        int origin = (int) (one.timestamp() / HOUR / EXAMPLE.every());
        forecasts[Integer.parseInt(one.key().substring(1))][origin] = values(one.value());
    }

    /** Of a text of {@link StreamInstance#text}. */
    private static double[] values(String text) {
        String numbers = text.substring(text.indexOf('[') + 1, text.indexOf(']'));
        return Stream.of(numbers.split(", ")).mapToDouble(Double::parseDouble).toArray();
    }
}
