package org.ttm4j.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.ttm4j.forecast.fixtures.StreamExample.Meter;
import org.ttm4j.forecast.fixtures.StreamExample;
import org.ttm4j.forecast.live.StreamSettings;

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
    static final StreamExample EXAMPLE = new StreamExample("kafka streams 4.4.0", SETTINGS,
            hours -> (hours - 2) / 24 * 24);

    /** One for all passes, so that it is warm when its part is measured. */
    private static Broker broker;
    private static Path folder;
    private static int passes;

    private KafkaExample() {}

    /** FOLDER [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        folder = Files.createTempDirectory("kafka-example");
        broker = Broker.start(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(KafkaExample::end));
        EXAMPLE.main(arguments, KafkaExample::run, KafkaExample::floor);
    }

    private static void end() {
        try {
            broker.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
        }
    }

    private static double run(float[][] series, double[][][] forecasts) throws Exception {
        // The first two values of a series are too few.
        Meter meter = new Meter("forecasts", forecasts.length * (forecasts[0].length - 1));
        return perSecond(series, readings -> StreamInstance.forecasts(readings, SETTINGS, Duration.ZERO),
                Serdes.String(), meter, one -> keep(one, forecasts));
    }

    /** Every reading is passed on. */
    private static double floor(float[][] series) throws Exception {
        return perSecond(series, readings -> readings, Serdes.Double(),
                new Meter("readings", series.length * series[0].length), one -> {});
    }

    /** How many records a second an application makes of the readings. It has topics of its own on the broker. */
    private static <T> double perSecond(float[][] series, Function<KStream<String, Double>, KStream<String, T>> flow,
            Serde<T> values, Meter meter, Consumer<ConsumerRecord<String, String>> each) throws Exception {
        String name = "pass" + ++passes;
        String readings = name + "-readings";
        String results = name + "-results";
        broker.create(PARTITIONS, readings, results);
        produce(readings, series);
        StreamExample.note("the readings are on the broker");
        try (KafkaStreams streams = StreamInstance.start(broker.address(), folder.resolve(name).toString(), 2,
                builder -> flow.apply(StreamInstance.readings(builder, readings))
                        .to(results, Produced.with(Serdes.String(), values)),
                Map.of(StreamsConfig.APPLICATION_ID_CONFIG, name));
                KafkaConsumer<String, String> consumer = Topics.consumer(broker.address(), results, PARTITIONS)) {
            while (Double.isNaN(meter.perSecond())) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofSeconds(1))) {
                    each.accept(one);
                    meter.count(1);
                }
            }
        }
        return meter.perSecond();
    }

    private static void produce(String topic, float[][] series) {
        try (KafkaProducer<String, Double> producer = Topics.producer(broker.address())) {
            for (int t = 0; t < series[0].length; t++) {
                for (int i = 0; i < series.length; i++) {
                    producer.send(new ProducerRecord<>(topic, null, t * HOUR, "s" + i, (double) series[i][t]));
                }
            }
        }
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
