package org.ttm4j.jdbc;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.ttm4j.data.series.Printable;

/** What a database refuses or cannot do. The message says what was tried and why it failed, and shows no password. */
public final class DatabaseException extends IOException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message) {
        super(message);
    }

    /** @param words of the driver, which become one line */
    DatabaseException(String doing, String words) {
        super(doing + ": " + words.lines().map(String::strip).map(Printable::of).collect(Collectors.joining(" ")));
    }

    static DatabaseException of(String doing, SQLException cause) {
        SQLException first = cause;
        // A batch says only that it failed; what follows says why.
        while (first.getNextException() != null && first instanceof BatchUpdateException)
            first = first.getNextException();
        return new DatabaseException(doing, String.valueOf(first.getMessage()));
    }
}
