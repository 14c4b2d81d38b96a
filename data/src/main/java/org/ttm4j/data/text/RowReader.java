package org.ttm4j.data.text;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;

/** Splits a file into rows of cells, whatever its format. */
public interface RowReader extends Closeable {
    /** The next row, or null at the end. Rows can have different numbers of cells. */
    Row read() throws IOException;

    /** How the file writes a table, as far as the format leaves a choice. */
    default Dialect dialect() {
        return Dialect.COMMA;
    }

    /** The columns whose cells read so far are texts, not numbers, where the format tells them apart. */
    default Set<String> texts() {
        return Set.of();
    }

    /** The keys of rows read so far that the first rows do not have, which are left out. */
    default Set<String> late() {
        return Set.of();
    }
}
