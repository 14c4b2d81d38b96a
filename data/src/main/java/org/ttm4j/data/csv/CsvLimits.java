package org.ttm4j.data.csv;

/**
 * Bounds on what an untrusted file may ask for.
 *
 * @param columns the most columns
 * @param cellLength the most characters in a cell
 * @param bytes the most memory for the rows read; the grid may take as much again
 * @param gridFactor the most grid steps for each row read
 */
record CsvLimits(int columns, int cellLength, long bytes, int gridFactor) {
    /** Steps any series may have, however few its rows. */
    static final int FREE_STEPS = 10_000;

    /** A quarter of the heap for the rows, so that rows, growth and grid fit together. */
    static CsvLimits ofThisMachine() {
        return new CsvLimits(20_000, 10_000, Runtime.getRuntime().maxMemory() / 4, 20);
    }
}
