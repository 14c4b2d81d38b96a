package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster of two executors, processes of their own, of which one is killed in the middle of a job. */
@Tag("engine")
class ExecutorKilledTest {
    private static final int SERIES = 12;
    /** Tests of the whole project kill once; {@code -Dttm4j.kills=20} more often. */
    private static final int KILLS = Integer.getInteger("ttm4j.kills", 1);

    private final AtomicInteger ended = new AtomicInteger();

    @Test
    void theForecastsAreThoseOfARunThatNobodyDisturbed() throws Exception {
        SparkTest.requireJava21();
        String home = System.getenv("SPARK_HOME");
        Assumptions.assumeTrue(home != null, "skipped: SPARK_HOME has to name a folder, as the build does");
        // Executors look for Spark's jars here; they have them on the class path.
        Files.createDirectories(Path.of(home, "jars"));
        Files.writeString(Path.of(home, "RELEASE"), "");
        try (SparkSession spark = SparkTest.builder("local-cluster[2,1,1024]")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executor.extraJavaOptions",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC --add-modules jdk.incubator.vector -Dttm4j.kernels="
                                + System.getProperty("ttm4j.kernels"))
                .config("spark.executor.memory", "1g")
                .config("spark.sql.shuffle.partitions", 24)
                .config("spark.sql.adaptive.enabled", false)
                .config("spark.local.dir", home)
                .getOrCreate()) {
            spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                    if (end.taskInfo().successful()) ended.incrementAndGet();
                }
            });
            Dataset<Row> job = TtmForecast.of(Readings.generated(spark, SERIES, 128))
                    .id("meter")
                    .time("time")
                    .value("load")
                    .horizon(24)
                    .forecast();
            List<Row> expected = SparkTest.sorted(job);
            assertEquals(SERIES * 24, expected.size());
            for (int i = 0; i < KILLS; i++) {
                FutureTask<Long> killer = killerAfter(ended.get() + 6 + i % 15);
                List<Row> disturbed = SparkTest.sorted(job);
                long end = System.nanoTime();
                assertEquals(expected, disturbed, "kill " + i);
                assertTrue(killer.get() - end < 0, "the executor was killed after the job");
            }
        }
    }

    /** Kills an executor when so many tasks have ended, 4 of which make the rows and 24 forecast; gives the time. */
    private FutureTask<Long> killerAfter(int tasks) {
        FutureTask<Long> killer = new FutureTask<>(() -> {
            while (ended.get() < tasks) LockSupport.parkNanos(1_000_000);
            // This process has no other children.
            ProcessHandle.current().children().findFirst().orElseThrow().destroyForcibly();
            return System.nanoTime();
        });
        new Thread(killer).start();
        return killer;
    }
}
