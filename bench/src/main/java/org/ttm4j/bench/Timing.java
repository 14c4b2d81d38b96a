package org.ttm4j.bench;

import java.util.Arrays;

/**
 * Times several ways to do the same work in turns, so that what else the machine does meets all of them alike.
 *
 * @param warmUp seconds of warm-up for each
 * @param seconds of measurement for each
 * @param leastCalls measured of each, however long they take
 */
record Timing(double warmUp, double seconds, int leastCalls) {
    /** Long against one call and the cold caches it begins with, short against a change of the machine's load. */
    private static final long BLOCK_NANOS = 50_000_000;
    private static final int ALONE = 300;

    /** What is timed. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /**
     * The median time of a call of each work, in nanoseconds: blocks of calls of the first, the second, … in turns.
     * A work that is null is left out, and NaN in the result.
     */
    double[] medians(Work... works) throws Exception {
        Samples[] samples = new Samples[works.length];
        for (int i = 0; i < works.length; i++) {
            samples[i] = new Samples();
            if (works[i] != null) block(works[i], new Samples(), (long) (1e9 * warmUp));
        }
        long wanted = (long) (1e9 * seconds);
        boolean done = false;
        while (!done) {
            done = true;
            for (int i = 0; i < works.length; i++) {
                if (works[i] == null) continue;
                block(works[i], samples[i], BLOCK_NANOS);
                done &= samples[i].total >= wanted && samples[i].count >= leastCalls;
            }
        }
        return Arrays.stream(samples).mapToDouble(Samples::median).toArray();
    }

    private static void block(Work work, Samples samples, long nanos) throws Exception {
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < nanos) {
            work.run();
            long end = System.nanoTime();
            samples.add(end - now);
            now = end;
        }
    }

    /** The median time of 300 runs of a work alone, in nanoseconds, once it has run ten times as often. */
    static double alone(Runnable work) {
        double[] times = new double[ALONE];
        for (int run = -10 * ALONE; run < ALONE; run++) {
            long begin = System.nanoTime();
            work.run();
            if (run >= 0) times[run] = System.nanoTime() - begin;
        }
        return median(times);
    }

    /** The median of values in any order; NaN of none. */
    static double median(double... values) {
        if (values.length == 0) return Double.NaN;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static final class Samples {
        private double[] nanos = new double[1024];
        private int count;
        private long total;

        void add(long time) {
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
            nanos[count++] = time;
            total += time;
        }

        double median() {
            return Timing.median(Arrays.copyOf(nanos, count));
        }
    }
}
