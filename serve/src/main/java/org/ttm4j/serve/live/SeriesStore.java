package org.ttm4j.serve.live;

import java.io.IOException;
import java.util.List;

/**
 * Where series are kept: what was asked of each, and its values by their step on the grid of times. Changes are seen at the
 * latest after {@link #commit}, and are durable then. Reading is thread-safe; changes are for one thread.
 */
interface SeriesStore extends AutoCloseable {
    /**
     * A series without its values.
     *
     * @param settings of it, as {@link SeriesSettings} writes them
     * @param anchor the time of step 0; null before the first value
     */
    record Entry(String settings, String anchor) {}

    /**
     * Values in the order of their steps.
     *
     * @param steps ascending
     * @param values NaN where one is missing
     */
    record Points(long[] steps, double[] values) {
        boolean isEmpty() {
            return steps.length == 0;
        }

        /** The step of the last. */
        long last() {
            return steps[steps.length - 1];
        }
    }

    /** The store of series failed: what was to be changed is not. */
    final class StoreException extends IOException {
        private static final long serialVersionUID = 1L;

        StoreException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A series; null when there is none. */
    Entry entry(String id) throws StoreException;

    /** The ids after this one, in the order of their characters. */
    List<String> ids(String after, int most) throws StoreException;

    int size() throws StoreException;

    /** The values of the last steps of a series. */
    Points newest(String id, int most) throws StoreException;

    /** Keeps a series, or changes the one that there is. */
    void put(String id, Entry entry) throws StoreException;

    /** Deletes a series and its values. */
    void delete(String id) throws StoreException;

    /** Keeps values, in place of those of the same steps; drops those of steps before the first that is to stay. */
    void write(String id, Points points, long first) throws StoreException;

    /** Returns true if the store is known to take changes, by the last one. */
    boolean works();

    /** Changes nothing that is kept, so that a commit shows whether the store works again. */
    void touch() throws StoreException;

    /** Makes all changes since the last commit durable. */
    void commit() throws StoreException;

    /** Forgets all changes since the last commit. */
    void rollback();

    @Override
    void close();
}
