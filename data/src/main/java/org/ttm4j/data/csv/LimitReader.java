package org.ttm4j.data.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.ttm4j.data.series.DataException;

/**
 * Stops at rows and cells that do not end, such as after an unclosed quote or in a file that is not text. The CSV
 * parser would hold them in memory.
 */
final class LimitReader extends FilterReader {
    private final String file;
    private final char delimiter;
    private final CsvLimits limits;
    private boolean quoted;
    private boolean blank = true;
    private char previous;
    private int length;
    private int cells = 1;
    private long line = 1;

    LimitReader(Reader in, String file, char delimiter, CsvLimits limits) {
        super(in);
        this.file = file;
        this.delimiter = delimiter;
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int offset, int count) throws IOException {
        int read = in.read(buffer, offset, count);
        for (int i = offset; i < offset + read; i++) count(buffer[i]);
        return read;
    }

    private void count(char c) throws DataException {
        length++;
        line += c == '\n' ? 1 : 0;
        if (c == '"' && (quoted || blank || previous == '"')) {
            // A doubled quote inside quotes closes them and opens them again.
            quoted = !quoted;
            blank = false;
        } else if (!quoted && (c == delimiter || c == '\n' || c == '\r')) {
            cells = c == delimiter ? cells + 1 : 1;
            length = 0;
            blank = true;
        } else {
            blank &= c == ' ' || c == '\t';
        }
        previous = c;
        if (length > limits.cellLength()) {
            throw new DataException(file, line, null,
                    "a cell is longer than " + limits.cellLength() + " characters; check it for an unclosed quote");
        }
        if (cells > limits.columns()) {
            throw new DataException(file, line, null, "more than " + limits.columns() + " columns");
        }
    }
}
