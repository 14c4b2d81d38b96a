package org.ttm4j.data.csv;

import java.io.Closeable;
import java.io.IOException;

/** Splits a file into rows of cells, whatever its format. */
interface RowReader extends Closeable {
    /** The next row, or null at the end. Rows can have different numbers of cells. */
    Row read() throws IOException;

    /** How the file writes a table, as far as the format leaves a choice. */
    Dialect dialect();
}
