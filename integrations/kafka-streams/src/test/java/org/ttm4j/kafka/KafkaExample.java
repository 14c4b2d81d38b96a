package org.ttm4j.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.live.StreamSettings;

/**
 * Sends the sample of this repository and generated series through Kafka Streams and a broker, exactly once, and compares every
 * forecast with that of the forecaster called directly. Run it by {@code integrations/kafka-streams/example}.
 */
final class KafkaExample {
    private static final int PARTITIONS = 4;
    private static final int HOURS = 600;
    private static final StreamSettings SETTINGS = StreamSettings.of(24, Duration.ofHours(1))
            .withEvery(Duration.ofDays(1))
            .withMode("fast");
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final int EVERY = (int) SETTINGS.every().toHours();

    private KafkaExample() {}

    /** FILE.csv [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        int generated = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        Forecaster forecaster = SETTINGS.forecaster();
        note("the models are warm");
        double difference = 0;
        int total = 0;
        double perSecond = 0;
        double inProcess = 0;
        for (float[][] series : List.of(sample(Path.of(arguments[0])), generated(generated))) {
            double[][][] forecasts = new double[series.length][lastOrigin(series[0].length) / EVERY + 1][];
            perSecond = run(series, forecasts);
            int count = (int) Stream.of(forecasts).flatMap(Stream::of).filter(one -> one != null).count();
            note(count + " forecasts of " + series.length + " series, " + Math.round(perSecond) + " a second");
            total += count;
            List<ForecastRequest> requests = requests(series);
            long start = System.nanoTime();
            List<ForecastResult> results = direct(forecaster, requests);
            inProcess = requests.size() * 1e9 / (System.nanoTime() - start);
            difference = Math.max(difference, difference(forecasts, results));
        }
        System.out.printf(Locale.ROOT,
                "{\"engine\":\"kafka streams 4.4.0\",\"series\":%d,\"forecasts\":%d,\"max_abs_difference\":%s,"
                        + "\"forecasts_per_second\":%.0f,\"in_process_per_second\":%.0f}%n",
                generated, total, difference, perSecond, inProcess);
        System.exit(difference == 0 ? 0 : 1);
    }

    private static void note(String text) {
        System.err.println("kafka-example: " + text);
    }

    /** The columns of a CSV whose first is the time, hour by hour. */
    private static float[][] sample(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int columns = lines.get(0).split(",").length - 1;
        float[][] values = new float[columns][lines.size() - 1];
        for (int t = 0; t < lines.size() - 1; t++) {
            String[] cells = lines.get(t + 1).split(",", -1);
            for (int c = 0; c < columns; c++) {
                values[c][t] = cells[c + 1].isEmpty() ? Float.NaN : Float.parseFloat(cells[c + 1]);
            }
        }
        return values;
    }

    private static float[][] generated(int count) {
        float[][] values = new float[count][HOURS];
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            double level = 10 + 90 * random.nextDouble();
            for (int t = 0; t < HOURS; t++) {
                double day = Math.sin(2 * Math.PI * (t + i) / 24);
                double week = Math.sin(2 * Math.PI * t / 168);
                values[i][t] = (float) (level * (1 + 0.3 * day + 0.1 * week + 0.05 * random.nextGaussian()));
            }
        }
        return values;
    }

    /** The last time that stream time passes. */
    private static int lastOrigin(int hours) {
        return (hours - 2) / EVERY * EVERY;
    }

    /** Forecasts per second, from the first to the last; with a broker of its own. */
    private static double run(float[][] series, double[][][] forecasts) throws Exception {
        Path folder = Files.createTempDirectory("kafka-example");
        try (Broker broker = Broker.start(folder)) {
            broker.create(PARTITIONS, StreamInstance.READINGS, StreamInstance.FORECASTS);
            produce(broker.address(), series);
            note("the readings are on the broker");
            try (KafkaStreams streams = StreamInstance.start(broker.address(), folder.resolve("state").toString(), 2,
                    SETTINGS, Duration.ZERO)) {
                return consume(broker.address(), forecasts);
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

    private static double consume(String address, double[][][] forecasts) {
        // The first two values of a series are too few.
        int expected = forecasts.length * (forecasts[0].length - 1);
        int count = 0;
        long first = 0;
        long last = 0;
        try (KafkaConsumer<String, String> consumer = Topics.consumer(address, PARTITIONS)) {
            while (count < expected) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofSeconds(1))) {
                    last = System.nanoTime();
                    if (count++ == 0) first = last;
                    if (count % 5000 == 0) note(count + " forecasts");
                    int origin = (int) (one.timestamp() / HOUR / EVERY);
                    forecasts[Integer.parseInt(one.key().substring(1))][origin] = values(one.value());
                }
            }
        }
        return (count - 1) * 1e9 / (last - first);
    }

    /** Of a text of {@link StreamInstance#text}. */
    private static double[] values(String text) {
        String numbers = text.substring(text.indexOf('[') + 1, text.indexOf(']'));
        return Stream.of(numbers.split(", ")).mapToDouble(Double::parseDouble).toArray();
    }

    /** What the settings ask for, in the order of the series and origins. */
    private static List<ForecastRequest> requests(float[][] series) {
        List<ForecastRequest> requests = new ArrayList<>();
        for (float[] values : series) {
            for (int origin = 0; origin <= lastOrigin(values.length); origin += EVERY) {
                double[] history = new double[Math.min(SETTINGS.context(), origin + 1)];
                for (int t = 0; t < history.length; t++) history[t] = values[origin + 1 - history.length + t];
                requests.add(ForecastRequest.of(new double[][]{history})
                        .withHorizon(SETTINGS.horizon())
                        .withFrequency(SETTINGS.frequency()));
            }
        }
        return requests;
    }

    private static List<ForecastResult> direct(Forecaster forecaster, List<ForecastRequest> requests) {
        ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        List<ForecastResult> results = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += 256) {
            results.addAll(
                    forecaster.forecastAll(requests.subList(from, Math.min(requests.size(), from + 256)), threads));
        }
        threads.shutdown();
        return results;
    }

    /** The largest, over all forecasts; infinite where one is missing or too many. */
    private static double difference(double[][][] forecasts, List<ForecastResult> results) {
        double largest = 0;
        int origins = forecasts[0].length;
        for (int i = 0; i < results.size(); i++) {
            double[] made = forecasts[i / origins][i % origins];
            boolean expected = results.get(i) instanceof ForecastResult.Success;
            if (expected != (made != null)) return Double.POSITIVE_INFINITY;
            if (!(results.get(i) instanceof ForecastResult.Success(Forecast forecast))) continue;
            for (int t = 0; t < made.length; t++) {
                largest = Math.max(largest, Math.abs(made[t] - forecast.doubleValues()[0][t]));
            }
        }
        return largest;
    }
}
