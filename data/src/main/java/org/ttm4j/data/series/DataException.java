package org.ttm4j.data.series;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;

/** A file that cannot be read as time series. The message says where, what was expected there, and what was found. */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final String column;

    /**
     * @param file the name of the file as the caller gave it
     * @param line the line, counted from 1; 0 when the whole file is meant
     * @param column the name of the column; null when no single column is meant
     * @param problem what was expected and what was found
     */
    public DataException(String file, long line, String column, String problem) {
        this(file, line, column, problem, null);
    }

    /** The same with a cause, which may be null. */
    public DataException(String file, long line, String column, String problem, Throwable cause) {
        super(place(file, line, column) + ": " + problem, cause);
        this.file = file;
        this.line = line;
        this.column = column;
    }

    /**
     * The error for a file whose content could not be read, with its name, which errors of streams do not have; those of
     * the file system do, and come back as they are.
     *
     * @param line the last one that was read; 0 when the whole file is meant
     */
    public static IOException unreadable(String file, long line, IOException cause) {
        if (cause instanceof DataException || cause instanceof FileSystemException) return cause;
        String reason = switch (cause) {
            case CharacterCodingException wrong -> "it is not UTF-8";
            case EOFException early -> "the compressed data ends early";
            default -> cause.getMessage();
        };
        return new DataException(file, line, null, "cannot be read: " + reason, cause);
    }

    /** The name of the file as the caller gave it. */
    public String file() {
        return file;
    }

    /** The line, counted from 1; 0 when the whole file is meant. */
    public long line() {
        return line;
    }

    /** The name of the column; null when no single column is meant. */
    public String column() {
        return column;
    }

    /** What was expected and what was found: the message without the place. */
    public String problem() {
        return getMessage().substring(place(file, line, column).length() + 2);
    }

    private static String place(String file, long line, String column) {
        return file + (line > 0 ? ", line " + line : "")
                + (column != null ? ", column " + Printable.quoted(column) : "");
    }
}
