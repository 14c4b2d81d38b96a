package org.ttm4j.data.csv;

/**
 * The resources that an untrusted file can use at most.
 *
 * @param columns the number of columns
 * @param cellLength the number of characters in a cell
 * @param bytes the memory for the rows; the grids of all series can take as much again
 * @param gridFactor the number of grid steps for each row
 */
record CsvLimits(int columns, int cellLength, long bytes, int gridFactor) {
    /** The number of grid steps that is allowed for any number of rows. */
    static final int FREE_STEPS = 10_000;

    /**
     * The limits for the heap of this process: a quarter of it for the rows, so that growing arrays and the grid fit
     * too.
     */
    static CsvLimits ofThisMachine() {
        return new CsvLimits(20_000, 10_000, Runtime.getRuntime().maxMemory() / 4, 20);
    }

    /** The same limits with another memory. */
    CsvLimits withBytes(long memory) {
        return new CsvLimits(columns, cellLength, memory, gridFactor);
    }
}
