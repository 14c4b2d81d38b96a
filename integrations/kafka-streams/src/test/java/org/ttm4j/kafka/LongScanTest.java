package org.ttm4j.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series of which no punctuation comes to the end, in a driver whose clock stands still. */
class LongScanTest {
    private static final int KEYS = 130;
    private static final String LAST = "t";

    @TempDir
    private Path folder;

    /** What the processor makes of records. */
    private List<TestRecord<String, String>> forecasts(Consumer<Input> records) {
        StreamsBuilder builder = new StreamsBuilder();
        StreamInstance.readings(builder, StreamInstance.READINGS)
                .processValues(TtmForecastProcessor.supplier("series", Serdes.String(), Double::doubleValue,
                        StreamInstance.SETTINGS, Duration.ZERO, Duration.ZERO))
                .mapValues(StreamInstance::text)
                .to(StreamInstance.FORECASTS, Produced.with(Serdes.String(), Serdes.String()));
        Properties properties = new Properties();
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), properties, Instant.EPOCH)) {
            TestInputTopic<String, Double> readings = driver.createInputTopic(StreamInstance.READINGS,
                    new StringSerializer(), new DoubleSerializer());
            records.accept(
                    (hour, key, value) -> readings.pipeInput(key, value, Instant.ofEpochMilli(Topics.time(hour))));
            return driver
                    .createOutputTopic(StreamInstance.FORECASTS, new StringDeserializer(), new StringDeserializer())
                    .readRecordsToList();
        }
    }

    /** Takes a record. */
    @FunctionalInterface
    private interface Input {
        void send(int hour, String key, Double value);
    }

    private static List<Long> times(List<TestRecord<String, String>> made, String key) {
        return made.stream().filter(one -> one.key().equals(key)).map(TestRecord::timestamp).toList();
    }

    @Test
    void theLastSeriesHasItsTurnWhileTheFirstAreDueAgainAndAgain() {
        List<TestRecord<String, String>> made = forecasts(input -> {
            for (int t = 0; t < 8; t++) {
                if (t < 3) input.send(t, LAST, Topics.value(0, t));
                for (int key = 0; key < KEYS; key++) input.send(t, "s" + key, Topics.value(key, t));
            }
        });
        assertEquals(List.of(Topics.time(2)), times(made, LAST));
    }

    @Test
    void whatWasDueIsForecastBeforeASeriesIsDeleted() {
        List<TestRecord<String, String>> made = forecasts(input -> {
            for (int t = 0; t < 3; t++) {
                input.send(t, LAST, Topics.value(0, t));
                for (int key = 0; key < KEYS; key++) input.send(t, "s" + key, Topics.value(key, t));
            }
            input.send(4, "a", 1.0);
            input.send(4, LAST, null);
        });
        assertEquals(List.of(Topics.time(2)), times(made, LAST));
    }
}
