package org.ttm4j.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series of which no punctuation comes to the end, in a driver whose clock stands still. */
class LongScanTest {
    private static final int KEYS = 200;
    private static final String LAST = "t";

    @Test
    void theLastSeriesHasItsTurnWhileTheFirstAreDueAgainAndAgain(@TempDir Path folder) {
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
            TestOutputTopic<String, String> forecasts = driver.createOutputTopic(StreamInstance.FORECASTS,
                    new StringDeserializer(), new StringDeserializer());
            for (int t = 0; t < 8; t++) {
                if (t < 3) readings.pipeInput(LAST, Topics.value(0, t), Instant.ofEpochMilli(Topics.time(t)));
                for (int key = 0; key < KEYS; key++) {
                    readings.pipeInput("s" + key, Topics.value(key, t), Instant.ofEpochMilli(Topics.time(t)));
                }
            }
            List<TestRecord<String, String>> made = forecasts.readRecordsToList();
            assertEquals(List.of(Topics.time(2)),
                    made.stream().filter(one -> one.key().equals(LAST)).map(TestRecord::timestamp).toList());
        }
    }
}
