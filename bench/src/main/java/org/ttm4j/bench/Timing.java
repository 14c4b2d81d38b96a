package org.ttm4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times several ways to do the same work in turns, so that what else the machine does meets all of them alike.
 *
 * @param clock in nanoseconds
 * @param sample nanoseconds of calls whose mean is one sample, for a clock that ticks slowly; 0 for each call alone
 * @param warmUp seconds for each work
 * @param seconds of measurement for each
 * @param leastSamples of each, however long they take
 */
record Timing(LongSupplier clock, long sample, double warmUp, double seconds, int leastSamples) {
    /** Long against one call and the cold caches it begins with, short against a change of the machine's load. */
    private static final double BLOCK_NANOS = 5e7;

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** By the clock on the wall, call by call. */
    Timing(double warmUp, double seconds, int leastCalls) {
        this(System::nanoTime, 0, warmUp, seconds, leastCalls);
    }

    /** The median time of a call of each work, in nanoseconds; NaN for a work that is null, which is left out. */
    double[] medians(Work... works) throws Exception {
        return samples(works).stream()
                .mapToDouble(times -> median(times.stream().mapToDouble(Double::doubleValue).toArray()))
                .toArray();
    }

    /** The least time of a call of each work, in nanoseconds. */
    double[] least(Work... works) throws Exception {
        return samples(works).stream().mapToDouble(Collections::min).toArray();
    }

    /** Blocks of calls of the first work, the second, … in turns, until there is enough of each. */
    private List<List<Double>> samples(Work... works) throws Exception {
        List<List<Double>> all = new ArrayList<>();
        for (Work work : works) {
            all.add(new ArrayList<>());
            if (work != null) block(work, new ArrayList<>(), 1e9 * warmUp);
        }
        double[] measured = new double[works.length];
        for (boolean done = false; !done;) {
            done = true;
            for (int i = 0; i < works.length; i++) {
                if (works[i] == null) continue;
                measured[i] += block(works[i], all.get(i), BLOCK_NANOS);
                done &= measured[i] >= 1e9 * seconds && all.get(i).size() >= leastSamples;
            }
        }
        return all;
    }

    /** Adds samples for at least so long; how long it took. */
    private double block(Work work, List<Double> samples, double nanos) throws Exception {
        long begin = clock.getAsLong();
        long now = begin;
        while (now - begin < nanos) {
            long start = now;
            int calls = 0;
            do {
                work.run();
                calls++;
                now = clock.getAsLong();
            } while (now - start < sample);
            samples.add((double) (now - start) / calls);
        }
        return now - begin;
    }

    /** The median of values in any order; NaN of none. */
    static double median(double... values) {
        if (values.length == 0) return Double.NaN;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
