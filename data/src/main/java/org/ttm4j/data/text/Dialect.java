package org.ttm4j.data.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How a file writes a table. As an option of the reader, 0 and null stand for what the reader is to find. Immutable.
 *
 * @param delimiter the character between cells; a blank for any number of blanks and tabs
 * @param decimal the decimal mark, a point or a comma
 * @param comment the character that starts lines to leave out
 * @param encoding the encoding
 * @param skip lines to leave out before anything else
 */
public record Dialect(char delimiter, char decimal, char comment, Charset encoding, int skip) {
    /** Everything is to be found. */
    public static final Dialect UNKNOWN = new Dialect('\0', '\0', '\0', null, 0);

    /** Comma, decimal point, UTF-8. */
    public static final Dialect COMMA = new Dialect(',', '.', '\0', StandardCharsets.UTF_8, 0);

    /** The same with a decimal mark. */
    public Dialect withDecimal(char mark) {
        return new Dialect(delimiter, mark, comment, encoding, skip);
    }
}
