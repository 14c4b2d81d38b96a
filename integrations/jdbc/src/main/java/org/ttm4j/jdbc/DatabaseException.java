package org.ttm4j.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.ttm4j.data.series.Printable;

/** A failed operation of a database. The message says what was tried and why it failed, and never shows a password. */
public final class DatabaseException extends IOException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message) {
        super(message);
    }

    /** @param words the driver's message, which is joined to one line */
    DatabaseException(String doing, String words) {
        super(doing + ": " + words.lines().map(String::strip).map(Printable::of).collect(Collectors.joining(" ")));
    }

    static DatabaseException of(String doing, SQLException cause) {
        return new DatabaseException(doing, String.valueOf(cause.getMessage()));
    }
}
