package org.ttm4j.flink;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Many series for a while: each gets 512 values, and then goes on hour by hour with a forecast a day. Prints a line of JSON
 * every quarter of a minute and one at the end, and exits with 0 only if the state of a key, which is the size of a
 * checkpoint divided by the keys, is at most 2.5 KB and the heap, after a collection of garbage, does not grow. Run it by
 * {@code bin/torture streams-soak}.
 */
final class FlinkSoak {
    private static final int HISTORY = 512;
    private static final int MOST_BYTES = 2500;
    /** Of the mean heap in the last third of the time to that in the first. */
    private static final double MOST_GROWTH = 1.05;
    private static final AtomicLong READINGS = new AtomicLong();
    private static final AtomicLong FORECASTS = new AtomicLong();

    private final int keys;
    private final Path folder;
    private final MiniCluster cluster;
    private final List<Double> heaps = new ArrayList<>();
    private double stateOfKey;

    private FlinkSoak(int keys, Path folder, MiniCluster cluster) {
        this.keys = keys;
        this.folder = folder;
        this.cluster = cluster;
    }

    /** FOLDER [KEYS [MINUTES]]; the folder is that of the samples, which it has no use for. */
    public static void main(String[] arguments) throws Exception {
        int keys = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int minutes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        Path folder = Files.createTempDirectory("streams-soak");
        boolean passed;
        try (MiniCluster cluster = new MiniCluster(
                new MiniClusterConfiguration.Builder().setNumSlotsPerTaskManager(2).withRandomPorts().build())) {
            cluster.start();
            passed = new FlinkSoak(keys, folder, cluster).run(minutes);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean run(int minutes) throws Exception {
        double before = heap();
        // No forecast is due while the series fill.
        JobClient filling = start(Duration.ofDays(36_500), null);
        while (READINGS.get() < (long) keys * HISTORY) report("filling", filling);
        String savepoint = filling.stopWithSavepoint(false, folder.toString(), SavepointFormatType.CANONICAL).get();
        JobClient job = start(Duration.ofDays(1), Path.of(URI.create(savepoint)));
        report("going on", job);
        heaps.clear();
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        while (System.nanoTime() < end) report("going on", job);
        double perKey = (heaps.get(heaps.size() - 1) - before) * 1e6 / keys;
        job.cancel().get();
        int third = heaps.size() / 3;
        double growth = mean(heaps.subList(heaps.size() - third, heaps.size())) / mean(heaps.subList(0, third));
        System.out.printf(Locale.ROOT,
                "{\"keys\":%d,\"readings\":%d,\"forecasts\":%d,\"state_bytes_per_key\":%.0f,\"heap_bytes_per_key\":%.0f,"
                        + "\"heap_of_the_last_third_to_the_first\":%.3f}%n",
                keys, READINGS.get(), FORECASTS.get(), stateOfKey, perKey, growth);
        return stateOfKey > 0 && stateOfKey <= MOST_BYTES && growth <= MOST_GROWTH;
    }

    private JobClient start(Duration every, Path savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(30));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
        if (savepoint != null) configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
        StreamExecutionEnvironment environment = new TestStreamEnvironment(cluster, 2);
        environment.configure(configuration);
        environment.getConfig().enableObjectReuse();
        int of = keys;
        DataGeneratorSource<Reading> source = new DataGeneratorSource<>(index -> {
            READINGS.incrementAndGet();
            return Readings.hourly(of).map(index);
        }, Long.MAX_VALUE / 2, TypeInformation.of(Reading.class));
        StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1))
                .withContext(HISTORY)
                .withEvery(every)
                .withMode("fast");
        DataStream<Reading> readings = environment
                .fromSource(source,
                        WatermarkStrategy.<Reading>forMonotonousTimestamps()
                                .withTimestampAssigner((reading, time) -> reading.time()),
                        "readings")
                .setParallelism(1)
                .uid("readings");
        TtmForecastOperator.forecast(readings.keyBy(Reading::id), settings, Reading::v, Duration.ofDays(1))
                .uid("forecasts")
                .map(forecast -> FORECASTS.incrementAndGet())
                .returns(Types.LONG)
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync();
    }

    /** A line of JSON after a quarter of a minute. */
    private void report(String phase, JobClient job) throws Exception {
        long before = READINGS.get();
        Thread.sleep(15_000);
        double heap = heap();
        heaps.add(heap);
        CompletedCheckpointStats last = cluster.getExecutionGraph(job.getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getHistory()
                .getLatestCompletedCheckpoint();
        if (last != null) stateOfKey = last.getStateSize() / (double) keys;
        System.out.printf(Locale.ROOT,
                "{\"phase\":\"%s\",\"readings\":%d,\"readings_per_second\":%d,\"forecasts\":%d,\"heap_mb\":%.0f,"
                        + "\"state_bytes_per_key\":%.0f}%n",
                phase, READINGS.get(), (READINGS.get() - before) / 15, FORECASTS.get(), heap, stateOfKey);
    }

    /** Megabytes in use after a collection. */
    private static double heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
