package org.ttm4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * What becomes of forecasts when task managers end, and when a job ends and another goes on. {@code -Dttm4j.failures=20} ends
 * as many; {@code -Dttm4j.savepoint=FOLDER} keeps the savepoint.
 */
@Tag("engine")
class RecoveryTest {
    private static final Forecaster MODEL = SharedForecasters.get("96-24", "fast");
    private static final int FAILURES = Integer.getInteger("ttm4j.failures", 1);
    private static final int KEYS = 10;
    private static final int CONTEXT = 24;
    /** What an undisturbed run forecasts, of more hours than any test has. */
    private static final List<Row> EXPECTED = Expected.hourly(MODEL, KEYS, Math.max(40, 10 + 15 * FAILURES), 1, CONTEXT,
            3);
    static final String QUERY = """
            SELECT * FROM TTM_FORECAST(series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v),
              on_time => DESCRIPTOR(ts), horizon => 3, `every` => INTERVAL '1' HOUR, context_window => 24,
              model => '96-24', mode => 'fast')""";

    private static final String ANOMALIES = """
            SELECT * FROM TTM_ANOMALIES(series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v),
              on_time => DESCRIPTOR(ts), horizon => 48, `every` => INTERVAL '1' DAY, frequency => INTERVAL '%s' MINUTE,
              level => 0.9, model => '96-24')""";

    /** The cluster is in this JVM. */
    private static final List<Row> ROWS = Collections.synchronizedList(new ArrayList<>());
    private static MiniCluster cluster;
    /** Its oldest task manager that runs. */
    private static int oldest;

    @TempDir
    private Path folder;
    private final Configuration configuration = new Configuration();
    private StreamExecutionEnvironment environment;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder().setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(2)
                .withRandomPorts()
                .build());
        cluster.start();
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
    }

    /**
     * Readings in an environment that goes on from a savepoint, or from the beginning for null; so many from one checkpoint to
     * the next, which a slow machine takes later.
     */
    private DataStream<Reading> readings(GeneratorFunction<Long, Reading> readings, int count, int perCheckpoint,
            Path savepoint) {
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        if (savepoint != null) configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
        environment = new TestStreamEnvironment(cluster, 2);
        environment.configure(configuration);
        return Readings.stream(environment, readings, count, Duration.ZERO,
                RateLimiterStrategy.perCheckpoint(perCheckpoint));
    }

    private StreamTableEnvironment environment(GeneratorFunction<Long, Reading> readings, int count, int perCheckpoint,
            Path savepoint) {
        DataStream<Reading> stream = readings(readings, count, perCheckpoint, savepoint);
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        Readings.register(tables, stream);
        return tables;
    }

    /** What {@link #QUERY} asks for, from the operator. */
    private DataStream<Tuple2<String, StreamForecast>> operator(int hours, int perCheckpoint, Path savepoint) {
        StreamSettings settings = StreamSettings.of(3, Duration.ofHours(1))
                .withContext(CONTEXT)
                .withModel("96-24")
                .withMode("fast");
        return TtmForecastOperator
                .forecast(readings(Readings.hourly(KEYS), KEYS * hours, perCheckpoint, savepoint).keyBy(Reading::id),
                        settings, Reading::v, Duration.ofDays(36_500))
                .uid("forecasts");
    }

    private JobClient startOperator(int hours, int perCheckpoint, Path savepoint) throws Exception {
        ROWS.clear();
        operator(hours, perCheckpoint, savepoint).map(made -> ROWS.addAll(Expected.rows(made)))
                .returns(Types.BOOLEAN)
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync();
    }

    /** A job whose rows come into {@link #ROWS}: without the state of a sink that collects exactly once. */
    private JobClient start(int hours, int perCheckpoint, Path savepoint) throws Exception {
        return start(environment(Readings.hourly(KEYS), KEYS * hours, perCheckpoint, savepoint), QUERY);
    }

    private JobClient start(StreamTableEnvironment tables, String query) throws Exception {
        ROWS.clear();
        tables.toDataStream(tables.sqlQuery(query))
                .map(row -> ROWS.add(row))
                .returns(Types.BOOLEAN)
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync();
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::toString)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void taskManagersThatEndChangeNothing(String backend) throws Exception {
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        int hours = 10 + 15 * FAILURES;
        TableResult result = environment(Readings.hourly(KEYS), KEYS * hours, KEYS, null).executeSql(QUERY);
        assertUndisturbed(hours, result.getJobClient().orElseThrow(), result.collect(), List::of);
    }

    @Test
    void taskManagersThatEndChangeNothingForTheOperator() throws Exception {
        int hours = 10 + 15 * FAILURES;
        CloseableIterator<Tuple2<String, StreamForecast>> made = operator(hours, KEYS, null).collectAsync();
        assertUndisturbed(hours, environment.executeAsync(), made, Expected::rows);
    }

    /** Ends task managers while a job makes forecasts, which are to be all that there are. */
    private <T> void assertUndisturbed(int hours, JobClient job, CloseableIterator<T> made,
            Function<T, List<Row>> rowsOf) throws Exception {
        Thread terminator = new Thread(() -> terminate(job));
        terminator.start();
        List<Row> rows = new ArrayList<>();
        try (made) {
            made.forEachRemaining(one -> rows.addAll(rowsOf.apply(one)));
        }
        terminator.join();
        assertEquals(FAILURES, terminated);
        assertEquals(sorted(expected(hours)), sorted(rows));
    }

    /** Those from an hour before this one. */
    private static List<Row> expected(int hour) {
        return EXPECTED.stream().filter(row -> row.<Instant>getFieldAs(4).isBefore(Expected.time(hour))).toList();
    }

    private volatile int terminated;

    /** The oldest task manager each time, so that none is spared, once the job has run for a while. */
    private void terminate(JobClient job) {
        try {
            while (terminated < FAILURES) {
                Thread.sleep(1000);
                JobStatus status = job.getJobStatus().get();
                if (status.isGloballyTerminalState()) return;
                if (status != JobStatus.RUNNING) continue;
                cluster.terminateTaskManager(oldest++).get();
                cluster.startTaskManager();
                terminated++;
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path stop(JobClient job, Path folder) throws Exception {
        return Path
                .of(URI.create(job.stopWithSavepoint(false, folder.toString(), SavepointFormatType.CANONICAL).get()));
    }

    @Test
    void aJobGoesOnFromTheSavepointOfAnother() throws Exception {
        JobClient first = start(40, 2 * KEYS, null);
        while (ROWS.size() < 300) Thread.sleep(10);
        Path savepoint = stop(first,
                Path.of(System.getProperty("ttm4j.savepoint", folder.resolve("savepoint").toString())));
        List<Row> rows = new ArrayList<>(ROWS);
        List<Row> expected = sorted(expected(40));
        assertTrue(rows.size() < expected.size());
        start(40, 100_000, savepoint).getJobExecutionResult().get();
        rows.addAll(ROWS);
        assertEquals(expected, sorted(rows));
    }

    /** The one of version 0.1.0, written by {@link #aJobGoesOnFromTheSavepointOfAnother}: state stays readable. */
    @Test
    void aSavepointOfAnEarlierVersionIsRestored() throws Exception {
        URI savepoint = RecoveryTest.class.getResource("/savepoint-0.1.0").toURI();
        start(40, 100_000, Path.of(savepoint)).getJobExecutionResult().get();
        assertGoneOn();
    }

    /** One of TtmForecastProcess, the KeyedProcessFunction whose place the operator took. */
    @Test
    void theOperatorGoesOnFromASavepointOfTheFunctionBefore() throws Exception {
        URI savepoint = RecoveryTest.class.getResource("/savepoint-process").toURI();
        startOperator(40, 100_000, Path.of(savepoint)).getJobExecutionResult().get();
        assertGoneOn();
    }

    /** That every forecast came from the first one on. */
    private static void assertGoneOn() {
        Instant first = ROWS.stream().map(row -> row.<Instant>getFieldAs(4)).min(Instant::compareTo).get();
        assertTrue(first.isAfter(Expected.time(5)));
        List<Row> expected = expected(40).stream().filter(row -> !row.<Instant>getFieldAs(4).isBefore(first)).toList();
        assertEquals(sorted(expected), sorted(ROWS));
    }

    /** Another model, mode, horizon and {@code every}, and no more quantiles; the query's operators keep their names. */
    @Test
    void aJobOfOtherSettingsGoesOnFromASavepoint() throws Exception {
        int keys = 3;
        JobClient first = start(named(keys, 2 * keys, null), """
                SELECT * FROM TTM_FORECAST(series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v),
                  on_time => DESCRIPTOR(ts), horizon => 3, `every` => INTERVAL '1' HOUR, context_window => 24,
                  model => '96-24', quantiles => ARRAY[0.1, 0.9])""");
        while (ROWS.size() < 90) Thread.sleep(10);
        Path savepoint = stop(first, folder.resolve("savepoint"));
        Map<String, Integer> last = new HashMap<>();
        for (Row row : ROWS) last.merge(row.getFieldAs("id"), hour(row), Math::max);
        start(named(keys, 100_000, savepoint), """
                SELECT * FROM TTM_FORECAST(series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v),
                  on_time => DESCRIPTOR(ts), horizon => 5, `every` => INTERVAL '2' HOUR,
                  frequency => INTERVAL '1' HOUR, context_window => 24, model => '512-96', mode => 'fast')""")
                .getJobExecutionResult()
                .get();
        List<Row> expected = Expected.hourly(SharedForecasters.get("512-96", "fast"), keys, 41, 2, CONTEXT, 5)
                .stream()
                .filter(row -> row.<Instant>getFieldAs(4).isAfter(Expected.time(last.get(row.<String>getFieldAs(0)))))
                .toList();
        assertEquals(sorted(expected), sorted(ROWS));
    }

    /** Names that do not depend on the number of queries before, as docs/streams.md recommends them. */
    private StreamTableEnvironment named(int keys, int perCheckpoint, Path savepoint) {
        StreamTableEnvironment tables = environment(Readings.hourly(keys), keys * 41, perCheckpoint, savepoint);
        tables.getConfig().set("table.exec.uid.generation", "ALWAYS");
        tables.getConfig().set("table.exec.uid.format", "<type>_<transformation>");
        return tables;
    }

    /** Its forecasts are of steps that the series no longer has: of later ones, or of earlier ones than the series goes on at. */
    @Test
    void anomaliesOfAnotherFrequencyBeginAnew() throws Exception {
        int keys = 2;
        int count = keys * 150;
        StreamTableEnvironment tables = environment(Readings.hourly(keys), count, 6 * keys, null);
        tables.createTemporarySystemFunction("TTM_ANOMALIES", TtmAnomaliesFunction.class);
        JobClient first = start(tables, String.format(ANOMALIES, 60));
        while (List.copyOf(ROWS).stream().noneMatch(row -> !rowtime(row).isBefore(Expected.time(58)))) Thread.sleep(10);
        Path savepoint = stop(first, folder.resolve("savepoint"));
        int last = ROWS.stream().mapToInt(RecoveryTest::hour).max().getAsInt();
        for (int earlier : new int[]{0, 48}) {
            tables = environment(index -> Readings.hourly(keys).map(index - keys * earlier), count, 100_000, savepoint);
            tables.createTemporarySystemFunction("TTM_ANOMALIES", TtmAnomaliesFunction.class);
            start(tables, String.format(ANOMALIES, 30)).getJobExecutionResult().get();
            int midnight = Math.ceilDiv(last - earlier, 24) * 24;
            assertEquals(List.of(), ROWS.stream().filter(row -> hour(row) <= midnight).toList());
        }
    }

    private static Instant rowtime(Row row) {
        return row.getFieldAs("rowtime");
    }

    private static int hour(Row row) {
        return (int) Duration.between(Expected.time(0), rowtime(row)).toHours();
    }
}
