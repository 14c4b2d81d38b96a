package org.ttm4j.data.text;

import org.ttm4j.data.series.DataException;

/**
 * The memory that one file may take: its rows, ids and grids are drawn from one sum, so that no shape of file, long,
 * wide or of many series, takes more than another. Not thread-safe.
 */
public final class MemoryBudget {
    private final String file;
    private final long bytes;
    private long used;

    public MemoryBudget(String file, long bytes) {
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
            throw new DataException(file, line, null, "the file is too large: it takes more than the " + (bytes >> 20)
                    + " MB that reading may use; read fewer columns or series, or give the JVM more memory (-Xmx)");
        }
    }
}
