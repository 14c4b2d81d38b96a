package org.ttm4j.serve.settings;

import java.time.Duration;

/**
 * What one request may ask for. Beyond it the answer is 413 or 422, before memory is spent.
 *
 * @param bodyBytes of a body, after decompression
 * @param channels of all series in one request
 * @param history steps of a series
 * @param horizon steps of a forecast
 * @param numbers that one answer may hold: series × channels × horizon × (1 + quantiles)
 * @param levels of quantiles
 * @param depth of JSON
 * @param bodyTime within which a whole head must have arrived, and then the whole body
 * @param requestTime for which a connection may be silent between requests, and a client may take for a part of an answer
 * @param connections at a time; beyond it, the one whose client has been waited for longest is closed
 * @param series that are kept
 * @param listeners of their events at a time
 */
public record Limits(int bodyBytes, int channels, int history, int horizon, int numbers, int levels, int depth,
        Duration bodyTime, Duration requestTime, int connections, int series, int listeners) {

    /** 16 MiB, 1,000 channels of 100,000 steps, a horizon of 10,000, a million numbers, 99 levels, depth 16; 10 s for a body; 1,000 connections, 10,000 kept series, 200 listeners. */
    public static Limits defaults() {
        return new Limits(16 << 20, 1000, 100_000, 10_000, 1_000_000, 99, 16, Duration.ofSeconds(10),
                Duration.ofMinutes(5), 1000, 10_000, 200);
    }
}
