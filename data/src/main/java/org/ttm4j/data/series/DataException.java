package org.ttm4j.data.series;

import java.io.IOException;

/** A file that cannot be read as time series. The message names the place and what was expected there. */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 60;

    private final String file;
    private final long line;
    private final String column;

    /**
     * @param file the file's name as the caller gave it
     * @param line the line from 1, or 0 when the whole file is meant
     * @param column the column's name, or null when no single column is meant
     * @param problem what was expected and what was found
     */
    public DataException(String file, long line, String column, String problem) {
        super(place(file, line, column) + ": " + problem);
        this.file = file;
        this.line = line;
        this.column = column;
    }

    /** The file's name as the caller gave it. */
    public String file() {
        return file;
    }

    /** The line from 1, or 0 when the whole file is meant. */
    public long line() {
        return line;
    }

    /** The column's name, or null when no single column is meant. */
    public String column() {
        return column;
    }

    private static String place(String file, long line, String column) {
        return file + (line > 0 ? ", line " + line : "") + (column != null ? ", column " + quote(column) : "");
    }

    /** Text from a file, safe to print: in quotes, and as {@link #shorten}. */
    public static String quote(String text) {
        return "'" + shorten(text) + "'";
    }

    /** Text from a file, cut, with characters replaced that control a terminal or the direction of writing. */
    public static String shorten(String text) {
        String shortened = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return shortened.replaceAll("[\\p{Cc}\\p{Cf}\u2028\u2029]", "?");
    }
}
