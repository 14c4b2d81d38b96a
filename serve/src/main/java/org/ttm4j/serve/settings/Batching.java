package org.ttm4j.serve.settings;

import java.time.Duration;

/**
 * How the series of all requests share the models.
 *
 * @param workers threads that run models
 * @param batch series in a batch at most
 * @param delay that a series waits at most for others to join it
 * @param queue requests that wait at most, each of any number of series
 * @param patience time that a request is expected to wait for its turn at most, where four for each worker wait
 */
public record Batching(int workers, int batch, Duration delay, int queue, Duration patience) {
    /** A thread for each core, 32 series, 1 ms, a queue of 128 and of a quarter of a second. */
    public static Batching defaults() {
        return new Batching(Runtime.getRuntime().availableProcessors(), 32, Duration.ofMillis(1), 128,
                Duration.ofMillis(250));
    }
}
