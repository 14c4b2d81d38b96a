package org.ttm4j.serve.inference;

import java.util.Map;
import org.ttm4j.serve.http.Json;

/** How many requests of the protocol a model has answered, and in what time, since the start. Thread-safe. */
final class InferenceStatistics {
    private long last;
    private long series;
    private long answered;
    private long queueNanos;
    private long readNanos;
    private long forecastNanos;
    private long writeNanos;
    private long failed;
    private long failedNanos;

    /** Adds a request of so many series, and how long it was read, waited for its turn, was forecast and written. */
    synchronized void answered(int count, long read, long queue, long forecast, long write) {
        last = System.currentTimeMillis();
        series += count;
        answered++;
        readNanos += read;
        queueNanos += queue;
        forecastNanos += forecast;
        writeNanos += write;
    }

    synchronized void failed(long nanos) {
        failed++;
        failedNanos += nanos;
    }

    /** As the protocol's extension for statistics has them: an execution is a request. */
    synchronized Map<String, Object> members(String model, String version) {
        long nanos = readNanos + queueNanos + forecastNanos + writeNanos;
        return Json.object("name", model, "version", version, "last_inference", last, "inference_count", series,
                "execution_count", answered, "inference_stats",
                Json.object("success", time(answered, nanos), "fail", time(failed, failedNanos), "queue",
                        time(answered, queueNanos), "compute_input", time(answered, readNanos), "compute_infer",
                        time(answered, forecastNanos), "compute_output", time(answered, writeNanos)),
                "batch_stats", new Object[0]);
    }

    private static Map<String, Object> time(long count, long nanos) {
        return Json.object("count", count, "ns", nanos);
    }
}
