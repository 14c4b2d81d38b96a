package org.ttm4j.serve.inference;

import java.util.Map;
import org.ttm4j.serve.http.Json;

/** How many requests of the protocol a model has answered, and in what time, since the start. Thread-safe. */
final class InferenceStatistics {
    private long last;
    private long series;
    private long answered;
    private long failed;
    private long failedNanos;
    private long queueNanos;
    private long readNanos;
    private long forecastNanos;
    private long writeNanos;

    /** The times of one request, which has failed where it is closed before its answer is written. For one thread. */
    final class Request implements AutoCloseable {
        private final long begin = System.nanoTime();
        private long read;
        private long forecast;
        private long queue;
        private long written;
        private int count;

        void read() {
            read = System.nanoTime();
        }

        /** Called when so many series are forecast, after a time in the queue. */
        void forecast(int seriesCount, long queueTime) {
            forecast = System.nanoTime();
            count = seriesCount;
            queue = queueTime;
        }

        void written() {
            written = System.nanoTime();
        }

        @Override
        public void close() {
            add(this);
        }
    }

    Request begin() {
        return new Request();
    }

    private synchronized void add(Request one) {
        if (one.written == 0) {
            failed++;
            failedNanos += System.nanoTime() - one.begin;
            return;
        }
        last = System.currentTimeMillis();
        answered++;
        series += one.count;
        queueNanos += one.queue;
        readNanos += one.read - one.begin;
        forecastNanos += one.forecast - one.read - one.queue;
        writeNanos += one.written - one.forecast;
    }

    /** As the protocol's extension for statistics has them: an execution is a request. */
    synchronized Map<String, Object> members(String model, String version) {
        long nanos = queueNanos + readNanos + forecastNanos + writeNanos;
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
