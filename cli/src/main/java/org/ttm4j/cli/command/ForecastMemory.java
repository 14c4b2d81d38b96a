package org.ttm4j.cli.command;

import org.ttm4j.cli.console.CommandException;
import org.ttm4j.eval.table.HierarchyTable;

/** Refuses forecasts that would not fit into the memory, before the work begins. */
final class ForecastMemory {
    /** What is kept of a channel: the forecasts of its past, the weights, its notes. */
    private static final long CHANNEL_BYTES = 4096;
    /** A number, and its text in the table and while that grows. */
    private static final long NUMBER_BYTES = 32;
    private static final int SHARE = 2;

    private ForecastMemory() {}

    /**
     * Compares an estimate with half of the heap.
     *
     * @param channels of all series
     * @param steps of all their forecasts
     * @param quantiles of each step
     * @param paths of each channel
     * @throws CommandException when it is larger
     */
    static void require(String file, long channels, long steps, int quantiles, int paths) throws CommandException {
        long bytes = channels * CHANNEL_BYTES + steps * (NUMBER_BYTES * (1 + quantiles) + (long) Double.BYTES * paths);
        if (bytes <= Runtime.getRuntime().maxMemory() / SHARE) return;
        throw new CommandException(file + ": forecasts of " + channels + " channels, " + steps + " steps in all with "
                + quantiles + " quantiles" + (paths > 0 ? " and " + paths + " sample paths" : "") + ", take some "
                + (bytes >> 20) + " MB, more than half of the memory; read fewer "
                + "columns (--target), forecast fewer steps (--horizon), leave out quantiles (--quantiles none) or give "
                + "the JVM more memory, such as TTM_JAVA_OPTIONS=-Xmx4g");
    }

    /**
     * Compares the histories of a hierarchy's nodes with half of the heap.
     *
     * @throws IllegalArgumentException when they are larger
     */
    static void requireHierarchy(long channels, long steps) {
        double bytes = (double) HierarchyTable.BYTES_OF_VALUE * channels * steps;
        if (bytes <= Runtime.getRuntime().maxMemory() / SHARE) return;
        throw new IllegalArgumentException("the series of the hierarchy and their sums, " + channels + " with " + steps
                + " steps each, counted from the earliest time of any series, take some " + (long) (bytes / (1 << 20))
                + " MB, more than half of the memory; leave out series that lie far apart "
                + "in time, or give the JVM more memory, such as TTM_JAVA_OPTIONS=-Xmx4g");
    }
}
