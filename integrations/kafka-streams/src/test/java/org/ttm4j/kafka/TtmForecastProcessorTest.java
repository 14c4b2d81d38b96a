package org.ttm4j.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.fixtures.OneForecast;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/** On a broker in a process of its own, with topics for each test. */
@Tag("server")
class TtmForecastProcessorTest {
    private static final StreamSettings SETTINGS = StreamInstance.SETTINGS;
    private static final Forecaster MODEL = SETTINGS.forecaster();

    @TempDir
    private static Path folder;
    private static Broker broker;

    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private String application;
    private String readings;
    private String forecasts;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = Broker.start(folder);
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) throws Exception {
        application = test.getTestMethod().orElseThrow().getName();
        readings = application + "-readings";
        forecasts = application + "-forecasts";
        broker.create(2, readings, forecasts);
    }

    private void send(KafkaProducer<String, Double> producer, int partition, String key, int hour, Double value) {
        sent.add(producer.send(new ProducerRecord<>(readings, partition, Topics.time(hour), key, value)));
    }

    private void assertForecasts(List<String> expected, Duration grace, Map<String, Object> more) throws Exception {
        for (Future<RecordMetadata> one : sent) one.get();
        Map<String, Object> properties = new HashMap<>(more);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        try (KafkaStreams instance = StreamInstance.start(broker.address(), folder.resolve("state").toString(), 2,
                StreamInstance.application(readings, forecasts, grace), properties)) {
            List<String> made = Topics.forecasts(broker.address(), forecasts, 2, expected.size(), broker::revive);
            Topics.assertSame(expected, made, () -> "the instance is " + instance.state());
        }
    }

    @Test
    void forecastsAreThoseOfTheForecaster() throws Exception {
        List<String> expected = new ArrayList<>();
        try (KafkaProducer<String, Double> producer = Topics.producer(broker.address())) {
            for (int t = 0; t < 40; t++) {
                for (int key = 0; key < 5; key++) send(producer, key % 2, "s" + key, t, Topics.value(key, t));
            }
        }
        for (int key = 0; key < 5; key++) {
            double[] values = new double[40];
            for (int t = 0; t < 40; t++) values[t] = Topics.value(key, t);
            // Stream time does not pass the last hour.
            for (int t = 2; t < 39; t++) {
                expected.add(Topics.expected(MODEL, SETTINGS, "s" + key, t,
                        Arrays.copyOfRange(values, Math.max(0, t - 23), t + 1)));
            }
        }
        assertForecasts(expected, Duration.ZERO, Map.of());
    }

    /** At hours of which the last but one alone is a multiple of 500 since 1970, so that it is the only one with a forecast. */
    @Test
    void theDefaultForecastIsThatOfEveryDoor() throws Exception {
        int origin = 491_000 - (int) (Topics.START / Topics.HOUR);
        double[] history = OneForecast.history();
        try (KafkaProducer<String, Double> producer = Topics.producer(broker.address())) {
            for (int t = 0; t < history.length; t++) {
                send(producer, 0, "s", origin - history.length + 1 + t, history[t]);
            }
            // Stream time does not pass the last hour.
            send(producer, 0, "s", origin + 1, 1.0);
        }
        StreamSettings settings = StreamSettings.of(OneForecast.HORIZON, Duration.ofHours(1))
                .withEvery(Duration.ofHours(500));
        String expected = "s at " + Topics.time(origin) + ": " + StreamInstance
                .text(new StreamForecast(Topics.time(origin), Topics.HOUR, OneForecast.expected(), new double[0][]));
        for (Future<RecordMetadata> one : sent) one.get();
        try (KafkaStreams instance = StreamInstance.start(broker.address(), folder.resolve("state").toString(), 1,
                builder -> StreamInstance.forecasts(StreamInstance.readings(builder, readings), settings, Duration.ZERO)
                        .to(forecasts, Produced.with(Serdes.String(), Serdes.String())),
                Map.of(StreamsConfig.APPLICATION_ID_CONFIG, application))) {
            Topics.assertSame(List.of(expected), Topics.forecasts(broker.address(), forecasts, 2, 1, broker::revive),
                    () -> "the instance is " + instance.state());
        }
    }

    /** Out of order within the grace, twice, later than the grace, missing, at a wild time, and a series that is deleted. */
    @Test
    void orderGapsAndLateRecordsHaveTheDocumentedResult() throws Exception {
        try (KafkaProducer<String, Double> producer = Topics.producer(broker.address())) {
            for (int t : new int[]{0, 1, 2, 3, 5, 4, 4, 6, 9, 10, 11, 7, 12, 13}) {
                send(producer, 0, "s0", t, Topics.value(0, t));
            }
            for (int t = 0; t < 4; t++) send(producer, 1, "deleted", t, 1.0);
            send(producer, 1, "deleted", 3, null);
            for (int t = 4; t < 6; t++) send(producer, 1, "deleted", t, 1.0);
            for (int t = 0; t < 10; t++) {
                send(producer, 1, "wild", t, Topics.value(1, t));
                if (t == 5) {
                    sent.add(producer.send(new ProducerRecord<>(readings, 1, 253_402_300_799_000L, "wild", 1.0)));
                }
            }
        }
        List<String> expected = new ArrayList<>();
        double[] wild = new double[10];
        for (int t = 0; t < 10; t++) wild[t] = Topics.value(1, t);
        for (int t = 2; t < 9; t++) {
            expected.add(Topics.expected(MODEL, SETTINGS, "wild", t, Arrays.copyOf(wild, t + 1)));
        }
        double[] values = new double[14];
        for (int t = 0; t < 14; t++) values[t] = t == 8 ? Double.NaN : Topics.value(0, t);
        for (int t : new int[]{2, 3, 4, 5, 6, 9, 10, 11}) {
            double[] seen = Arrays.copyOf(values, t + 1);
            // The record of hour 7 came after that of hour 11, when the forecast from hour 9 was made.
            if (t == 9) seen[7] = Double.NaN;
            expected.add(Topics.expected(MODEL, SETTINGS, "s0", t, seen));
        }
        assertForecasts(expected, Duration.ofHours(1), Map.of());
    }

    /**
     * While all of many series are forecast, a small cache of the store writes one after the other to disk. No commit, which
     * would write them all, comes before.
     */
    @Test
    void seriesThatLeaveTheCacheMeanwhileAreForecastToo() throws Exception {
        int keys = 150;
        int hours = 4;
        List<String> expected = new ArrayList<>();
        try (KafkaProducer<String, Double> producer = Topics.producer(broker.address())) {
            for (int t = 0; t < hours; t++) {
                for (int key = 0; key < keys; key++) send(producer, 0, "s" + key, t, Topics.value(key, t));
            }
            send(producer, 0, "last", hours, 1.0);
        }
        for (int key = 0; key < keys; key++) {
            double[] values = new double[hours];
            for (int t = 0; t < hours; t++) values[t] = Topics.value(key, t);
            for (int t = 2; t < hours; t++) {
                expected.add(Topics.expected(MODEL, SETTINGS, "s" + key, t, Arrays.copyOf(values, t + 1)));
            }
        }
        assertForecasts(expected, Duration.ZERO,
                Map.of(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 20_000,
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE,
                        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 600_000));
    }
}
