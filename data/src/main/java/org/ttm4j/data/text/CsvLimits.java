package org.ttm4j.data.text;

import org.ttm4j.data.series.DataException;

/**
 * The resources that an untrusted file can use at most.
 *
 * @param columns the number of columns
 * @param cellLength the number of characters in a cell
 * @param rowLength the number of characters in a row, with the comments before it
 * @param bytes the memory for rows, ids and grids of the file together
 * @param gridFactor the number of grid steps for each row
 */
public record CsvLimits(int columns, int cellLength, long rowLength, long bytes, int gridFactor) {
    /** The number of grid steps that is allowed for any number of rows. */
    public static final int FREE_STEPS = 10_000;
    /** A row takes several times the bytes of its text while it is split. */
    private static final int ROWS_IN_BUDGET = 32;

    /** The limits for the heap of this process: half of it for the file, so that the forecasts fit too. */
    public static CsvLimits ofThisMachine() {
        return of(Runtime.getRuntime().maxMemory() / 2);
    }

    /** The limits for so many bytes. */
    public static CsvLimits of(long bytes) {
        return new CsvLimits(20_000, 10_000, bytes / ROWS_IN_BUDGET, bytes, 20);
    }

    /** The cells to which rows may be widened that are shorter in the file: they cost work, and most of them no memory. */
    public long widened() {
        return 4 * bytes;
    }

    /**
     * The memory that one file may take: its rows, ids and grids are drawn from one sum, so that no shape of file, long,
     * wide or of many series, takes more than another. Not thread-safe.
     */
    public static final class Budget {
        private final String file;
        private final long bytes;
        private long used;

        public Budget(String file, long bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        /**
         * Draws memory before it is used.
         *
         * @param line the line that needs it, or 0
         * @throws DataException when the file has used up its memory
         */
        public void take(long more, long line) throws DataException {
            used += more;
            if (used > bytes) {
                throw new DataException(file, line, null, "the file is too large: it takes more than the "
                        + (bytes >> 20)
                        + " MB that reading may use; read fewer columns or series, or give the JVM more memory (-Xmx)");
            }
        }
    }
}
