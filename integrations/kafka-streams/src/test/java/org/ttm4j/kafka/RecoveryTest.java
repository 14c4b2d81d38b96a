package org.ttm4j.kafka;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecaster;

/**
 * What becomes of forecasts when an instance of the application, or the broker, is killed at any moment.
 * {@code -Dttm4j.failures=20} kills as many of each.
 */
@Tag("server")
@Tag("process")
class RecoveryTest {
    private static final int FAILURES = Integer.getInteger("ttm4j.failures", 1);
    private static final int KEYS = 12;
    private static final int PARTITIONS = 4;
    /** Between the hours. */
    private static final int PAUSE_MILLIS = 200;
    private static final Forecaster MODEL = StreamInstance.SETTINGS.forecaster();

    @TempDir
    private Path folder;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Process[] instances = new Process[2];
    private int hour;

    /** With the kernels of this JVM. */
    private Process instance(Broker broker, int number) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-modules") || flag.startsWith("-Dttm4j.kernels")) arguments.add(flag);
        }
        arguments.addAll(List.of(StreamInstance.class.getName(), broker.address(),
                folder.resolve("state" + number).toString(), "1"));
        return Broker.java(folder.resolve("instance" + number), arguments.toArray(String[]::new));
    }

    @Test
    void instancesAndBrokersThatAreKilledChangeNothing() throws Exception {
        Random random = new Random(5);
        try (Broker broker = Broker.start(folder);
                KafkaProducer<String, Double> producer = Topics.producer(broker.address());
                KafkaConsumer<String, String> consumer = Topics.consumer(broker.address(), StreamInstance.FORECASTS,
                        PARTITIONS)) {
            broker.create(PARTITIONS, StreamInstance.READINGS, StreamInstance.FORECASTS);
            for (int i = 0; i < 2; i++) instances[i] = instance(broker, i);
            for (int i = 0; i < FAILURES; i++) {
                produceUntilForecast(broker, producer, consumer);
                produce(producer, random.nextInt(3_000));
                instances[i % 2].destroyForcibly().waitFor();
                produce(producer, random.nextInt(3_000));
                instances[i % 2] = instance(broker, i % 2);
                produce(producer, random.nextInt(5_000));
                broker.kill();
                Thread.sleep(random.nextInt(2_000));
                broker.restart();
            }
            produce(producer, 1_000);
            producer.flush();
            for (Future<RecordMetadata> one : sent) one.get();
            List<String> expected = expected();
            List<String> forecasts = Topics.forecasts(broker.address(), StreamInstance.FORECASTS, PARTITIONS,
                    expected.size(), () -> revive(broker));
            Topics.assertSame(expected, forecasts, this::ends);
        } finally {
            for (Process instance : instances) if (instance != null) instance.destroyForcibly();
        }
    }

    /** Hours of readings until the instances, which take some time to start, are at work. */
    private void produceUntilForecast(Broker broker, KafkaProducer<String, Double> producer,
            KafkaConsumer<String, String> consumer) throws Exception {
        consumer.seekToEnd(consumer.assignment());
        long end = System.nanoTime() + Topics.PATIENCE.toNanos();
        while (consumer.poll(Duration.ZERO).isEmpty()) {
            if (System.nanoTime() - end > 0) fail("no forecast in " + Topics.PATIENCE + "\n" + ends());
            produce(producer, 1_000);
            revive(broker);
        }
    }

    /** Hours of readings until so many milliseconds are over. */
    private void produce(KafkaProducer<String, Double> producer, int millis) throws InterruptedException {
        for (int i = 0; i <= millis / PAUSE_MILLIS; i++, hour++) {
            for (int key = 0; key < KEYS; key++) {
                sent.add(producer.send(new ProducerRecord<>(StreamInstance.READINGS, key % PARTITIONS,
                        Topics.time(hour), "s" + key, Topics.value(key, hour))));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Starts what has ended by itself, as those do who run such an application: that, too, is to change nothing. */
    private void revive(Broker broker) throws Exception {
        broker.revive();
        for (int i = 0; i < instances.length; i++) {
            if (instances[i].isAlive()) continue;
            System.err.println("instance " + i + " has ended by itself: exit code " + instances[i].exitValue());
            instances[i] = instance(broker, i);
        }
    }

    /** The last lines that the broker and the instances wrote. */
    private String ends() {
        StringBuilder ends = new StringBuilder();
        for (String name : List.of("broker.out", "instance0", "instance1")) {
            try {
                List<String> lines = Files.readAllLines(folder.resolve(name));
                ends.append(name).append(":\n");
                for (String line : lines.subList(Math.max(0, lines.size() - 10), lines.size())) {
                    ends.append("  ").append(line).append('\n');
                }
            } catch (IOException e) {
                ends.append(e).append('\n');
            }
        }
        return ends.toString();
    }

    private List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            double[] values = new double[hour];
            for (int t = 0; t < hour; t++) values[t] = Topics.value(key, t);
            for (int t = 2; t < hour - 1; t++) {
                expected.add(Topics.expected(MODEL, StreamInstance.SETTINGS, "s" + key, t,
                        Arrays.copyOfRange(values, Math.max(0, t - 23), t + 1)));
            }
        }
        return expected.stream().sorted().toList();
    }
}
