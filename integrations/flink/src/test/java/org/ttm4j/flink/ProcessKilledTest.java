package org.ttm4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.SharedForecasters;

/**
 * A standalone cluster of three processes, as Flink's own scripts start them: a job manager and two task managers, of which
 * one is killed as by {@code kill -9} while the job runs, and replaced. Each has one slot, so that the job, of two, needs
 * both. {@code -Dttm4j.kills=20} kills as many, one after the other.
 */
@Tag("process")
@Tag("engine")
class ProcessKilledTest {
    private static final Forecaster MODEL = SharedForecasters.get("96-24", "fast");
    private static final int KILLS = Integer.getInteger("ttm4j.kills", 1);
    private static final int KEYS = 5;

    /** With what the processes print. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;
    private final Queue<Process> processes = new ConcurrentLinkedQueue<>();
    private final Queue<Process> taskManagers = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean stopping;
    private int port;

    private Process start(Class<?> main) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx400m");
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean ours = flag.startsWith("-XX:") || flag.startsWith("--add-") || flag.startsWith("-Dttm4j.kernels");
            if (ours) command.add(flag);
        }
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        main.getName(), "--configDir", folder.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(main.getSimpleName()).toFile()))
                .start();
        processes.add(process);
        return process;
    }

    /** Starts it on ports that are free. Another program may take one of them first: then it ends, and is started on others. */
    private void startJobManager() throws IOException, InterruptedException {
        Process process;
        do {
            configure();
            process = start(StandaloneSessionClusterEntrypoint.class);
            while (process.isAlive() && !answers()) Thread.sleep(100);
        } while (!process.isAlive());
    }

    private boolean answers() throws InterruptedException {
        HttpRequest overview = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/overview")).build();
        try {
            return http.send(overview, HttpResponse.BodyHandlers.ofString()).body().contains("flink-version");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Starts one, and another when it is gone: killed by the test, or by itself where a machine is too busy for it. */
    private synchronized void startTaskManager() {
        if (stopping) return;
        try {
            Process process = start(TaskManagerRunner.class);
            taskManagers.add(process);
            process.onExit().thenRun(this::startTaskManager);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        synchronized (this) {
            stopping = true;
        }
        for (Process process : processes) process.destroyForcibly().waitFor();
    }

    private void configure() throws IOException {
        try (ServerSocket rest = new ServerSocket(0); ServerSocket rpc = new ServerSocket(0)) {
            port = rest.getLocalPort();
            Files.writeString(folder.resolve("config.yaml"), """
                    jobmanager.rpc.address: localhost
                    jobmanager.rpc.port: %d
                    rest.address: localhost
                    rest.port: %d
                    taskmanager.host: localhost
                    taskmanager.numberOfTaskSlots: 1
                    taskmanager.cpu.cores: 1.0
                    taskmanager.memory.framework.heap.size: 128m
                    taskmanager.memory.framework.off-heap.size: 128m
                    taskmanager.memory.task.heap.size: 128m
                    taskmanager.memory.task.off-heap.size: 0m
                    taskmanager.memory.managed.size: 16m
                    taskmanager.memory.network.min: 32m
                    taskmanager.memory.network.max: 32m
                    taskmanager.memory.jvm-metaspace.size: 128m
                    taskmanager.memory.jvm-overhead.min: 64m
                    taskmanager.memory.jvm-overhead.max: 64m
                    heartbeat.interval: 500
                    web.timeout: 600000
                    pekko.ask.timeout: 120s
                    pekko.startup-timeout: 300s
                    """.formatted(rpc.getLocalPort(), port));
        }
    }

    private Configuration configuration() {
        Configuration job = new Configuration();
        job.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        job.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("checkpoints").toUri().toString());
        job.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        job.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        job.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        // A loaded machine takes long to start two JVMs.
        job.set(RestOptions.RETRY_MAX_ATTEMPTS, 100);
        return job;
    }

    @Test
    void aTaskManagerThatIsKilledChangesNothing() throws Exception {
        startJobManager();
        for (int i = 0; i < 2; i++) startTaskManager();
        int hours = 30 + 20 * KILLS;
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createRemoteEnvironment("localhost", port,
                configuration());
        environment.setParallelism(2);
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        // However slow the machine is, most readings are still to come when the first forecasts are seen.
        Readings.register(tables, Readings.stream(environment, Readings.hourly(KEYS), (long) KEYS * hours,
                Duration.ZERO, RateLimiterStrategy.perCheckpoint(2 * KEYS)));
        List<Row> rows = new ArrayList<>();
        int killed = 0;
        TableResult result = tables.executeSql(RecoveryTest.QUERY);
        try (CloseableIterator<Row> all = result.collect()) {
            while (all.hasNext()) {
                rows.add(all.next());
                if (killed == KILLS || rows.size() < (killed + 1) * 50 * KEYS) continue;
                assertEquals(JobStatus.RUNNING, result.getJobClient().orElseThrow().getJobStatus().get());
                taskManagers.removeIf(process -> !process.isAlive());
                taskManagers.remove().destroyForcibly();
                killed++;
            }
        }
        assertEquals(KILLS, killed);
        assertEquals(sorted(Expected.hourly(MODEL, KEYS, hours, 1, 24, 3)), sorted(rows));
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::toString)).toList();
    }
}
