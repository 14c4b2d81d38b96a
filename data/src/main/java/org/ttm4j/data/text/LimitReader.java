package org.ttm4j.data.text;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.ttm4j.data.series.DataException;

/**
 * Stops at cells and rows that do not end, such as after an unclosed quote or in a file that is not text. The CSV parser
 * would hold them in memory. The states are those of the lexer of Commons CSV, so that both split a file alike: blanks
 * of any kind may stand before a quote that opens a cell, a quote within a cell has no meaning, and a comment starts a
 * line.
 */
final class LimitReader extends FilterReader {
    private enum State {
        ROW_START, CELL_START, PLAIN, QUOTED, QUOTE_IN_QUOTED, AFTER_QUOTED, COMMENT
    }

    private final String file;
    private final Dialect dialect;
    private final CsvLimits limits;
    private State state = State.ROW_START;
    private int cellLength;
    private long rowLength;
    private int cells = 1;
    private long line;

    /** @param line the number of the first line */
    LimitReader(Reader in, String file, Dialect dialect, CsvLimits limits, long line) {
        super(in);
        this.file = file;
        this.dialect = dialect;
        this.limits = limits;
        this.line = line;
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
        cellLength++;
        rowLength++;
        boolean lineEnd = c == '\n' || c == '\r';
        if (state == State.QUOTE_IN_QUOTED) state = c == '"' ? State.CELL_START : State.AFTER_QUOTED;
        if (state == State.QUOTED) {
            if (c == '"') state = State.QUOTE_IN_QUOTED;
        } else if (lineEnd) {
            // The parser joins the comments before a row.
            rowLength = state == State.COMMENT ? rowLength : 0;
            start(State.ROW_START);
            cells = 1;
        } else if (state == State.ROW_START && c == dialect.comment()) {
            state = State.COMMENT;
        } else if (state != State.COMMENT && c == dialect.delimiter()) {
            start(State.CELL_START);
            cells++;
        } else if (state == State.ROW_START || state == State.CELL_START) {
            if (c == '"') state = State.QUOTED;
            else if (!Character.isWhitespace(c)) state = State.PLAIN;
            else state = State.CELL_START;
        }
        line += c == '\n' ? 1 : 0;
        if (cellLength > limits.cellLength()) {
            throw new DataException(file, line, null,
                    "a cell is longer than " + limits.cellLength() + " characters; check it for an unclosed quote");
        }
        if (cells > limits.columns()) {
            throw new DataException(file, line, null, "more than " + limits.columns() + " columns");
        }
        if (rowLength > limits.rowLength()) {
            throw new DataException(file, line, null, "a row is longer than the " + limits.rowLength()
                    + " characters that the memory allows; give the JVM more (-Xmx)");
        }
    }

    private void start(State next) {
        state = next;
        cellLength = 0;
    }
}
