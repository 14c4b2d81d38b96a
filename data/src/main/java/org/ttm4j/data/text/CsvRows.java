package org.ttm4j.data.text;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ttm4j.data.series.DataException;

/** The rows of a text with delimiters. Encoding, delimiter and comments are found unless they are stated. */
public final class CsvRows implements RowReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final Dialect dialect;
    private final long skipped;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private Row header; // in a comment

    public CsvRows(BufferedInputStream in, String file, Dialect stated, Predicate<String> isTime, CsvLimits limits)
            throws IOException {
        this.file = file;
        boolean isStated = stated.encoding() != null;
        in.mark(Dialect.Finder.SAMPLE);
        Charset encoding = isStated ? stated.encoding() : Encodings.find(in.readNBytes(Dialect.Finder.SAMPLE));
        in.reset();
        BufferedReader text = new BufferedReader(
                isStated ? new InputStreamReader(in, encoding) : new InputStreamReader(in, Encodings.decoder(encoding)),
                Dialect.Finder.SAMPLE);
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) text.reset();
        for (int i = 0; i < stated.skip(); i++) skipLine(text);
        text.mark(Dialect.Finder.SAMPLE);
        char[] sample = new char[Dialect.Finder.SAMPLE - 1];
        int length = 0;
        for (int read = 0; read >= 0 && length < sample.length; length += Math.max(0, read)) {
            read = text.read(sample, length, sample.length - length);
        }
        text.reset();
        String start = new String(sample, 0, length);
        Dialect.Finder finder = new Dialect.Finder(start, length < sample.length, stated, isTime);
        dialect = finder.dialect(encoding);
        if (finder.namesDelimiter) skipLine(text);
        skipped = stated.skip() + (finder.namesDelimiter ? 1 : 0);
        if (finder.header != null) header = new Row(finder.header, skipped + 1);
        parser = CSVParser.builder()
                .setReader(new LimitReader(cells(text, dialect), file, dialect, limits, skipped + 1))
                .setFormat(format(dialect))
                .get();
        records = parser.iterator();
    }

    /** The text as {@link #format} splits it. */
    static Reader cells(Reader text, Dialect dialect) {
        return dialect.delimiter() == ' ' ? new BlankRuns(text) : text;
    }

    static CSVFormat format(Dialect dialect) {
        return CSVFormat.DEFAULT.builder()
                .setDelimiter(dialect.delimiter())
                .setCommentMarker(dialect.comment() == 0 ? null : dialect.comment())
                .setIgnoreSurroundingSpaces(true)
                .get();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Row read() throws IOException {
        Row first = header;
        header = null;
        if (first != null) return first;
        try {
            return records.hasNext() ? new Row(records.next().values(), skipped + parser.getCurrentLineNumber()) : null;
        } catch (UncheckedIOException e) {
            throw DataException.unreadable(file, skipped + parser.getCurrentLineNumber(), e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private static void skipLine(BufferedReader text) throws IOException {
        int c = text.read();
        while (c >= 0 && c != '\n' && c != '\r') c = text.read();
        text.mark(1);
        if (c == '\r' && text.read() != '\n') text.reset();
    }

    /** A text whose cells are aligned by blanks and tabs, with one blank for each run of them and none around a line. */
    private static final class BlankRuns extends FilterReader {
        private static final int NONE = -1;

        private boolean inLine;
        private int held = NONE; // the character after a blank

        BlankRuns(Reader in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int c = held;
            held = NONE;
            if (c != NONE) return c;
            c = in.read();
            boolean blank = c == ' ' || c == '\t';
            while (c == ' ' || c == '\t') c = in.read();
            boolean lineEnd = c < 0 || c == '\n' || c == '\r';
            boolean separates = blank && inLine && !lineEnd;
            inLine = !lineEnd;
            if (!separates) return c;
            held = c;
            return ' ';
        }

        @Override
        public int read(char[] buffer, int offset, int count) throws IOException {
            int read = 0;
            for (int c = 0; read < count && (c = read()) >= 0; read++) buffer[offset + read] = (char) c;
            return read == 0 ? -1 : read;
        }
    }

    /** Finds the encoding of a text from its first bytes. */
    static final class Encodings {
        private static final Charset WINDOWS = Charset.forName("windows-1252");

        private Encodings() {}

        /**
         * UTF-16 with a byte order mark or where every second byte is mostly 0; UTF-8 where the bytes are; otherwise
         * windows-1252, which is Latin-1 with more signs.
         */
        static Charset find(byte[] bytes) {
            int length = bytes.length;
            int first = length > 1 ? (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff) : 0;
            if (first == 0xfffe) return StandardCharsets.UTF_16LE;
            if (first == 0xfeff) return StandardCharsets.UTF_16BE;
            int[] zeros = new int[2];
            for (int i = 0; i < length; i++) zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
            if (zeros[1] * 4 > length && zeros[0] * 8 < length) return StandardCharsets.UTF_16LE;
            if (zeros[0] * 4 > length && zeros[1] * 8 < length) return StandardCharsets.UTF_16BE;
            CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
            CoderResult result = strict.decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(length + 1), false);
            return result.isError() ? WINDOWS : StandardCharsets.UTF_8;
        }

        /** A decoder of an encoding that was found. It replaces what it cannot read, as readers do. */
        static CharsetDecoder decoder(Charset found) {
            CharsetDecoder decoder = found.equals(StandardCharsets.UTF_8) ? new Utf8OrWindows() : found.newDecoder();
            return decoder.onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
        }

        /**
         * Decodes UTF-8, and bytes that are none as windows-1252: the beginning of a text may have no letter that tells the two
         * apart, and ids with other letters must not become the same one.
         */
        private static final class Utf8OrWindows extends CharsetDecoder {
            private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

            Utf8OrWindows() {
                super(StandardCharsets.UTF_8, 1, 1);
            }

            @Override
            protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
                CoderResult result = utf8.decode(in, out, false);
                while (result.isMalformed() && out.hasRemaining()) {
                    out.put(WINDOWS.decode(ByteBuffer.wrap(new byte[]{in.get()})));
                    result = utf8.decode(in, out, false);
                }
                return result.isMalformed() ? CoderResult.OVERFLOW : result;
            }

            @Override
            protected void implReset() {
                utf8.reset();
            }
        }
    }

    /**
     * Stops at cells and rows that do not end, such as after an unclosed quote or in a file that is not text. The CSV parser
     * would hold them in memory. The states are those of the lexer of Commons CSV, so that both split a file alike: blanks
     * of any kind may stand before a quote that opens a cell, a quote within a cell has no meaning, and a comment starts a
     * line.
     */
    static final class LimitReader extends FilterReader {
        private enum State {
            ROW_START, CELL_START, PLAIN, QUOTED, QUOTE_IN_QUOTED, COMMENT
        }

        private final String file;
        private final Dialect dialect;
        private final CsvLimits limits;
        private State state = State.ROW_START;
        private int cellLength;
        private long rowLength;
        private int cells = 1;
        private long line;
        private long lineOfCell; // on which the cell begins

        /** @param line the number of the first line */
        LimitReader(Reader in, String file, Dialect dialect, CsvLimits limits, long line) {
            super(in);
            this.file = file;
            this.dialect = dialect;
            this.limits = limits;
            this.line = line;
            lineOfCell = line;
        }

        @Override
        public int read() {
            throw new AssertionError("the parser reads by arrays");
        }

        @Override
        public int read(char[] buffer, int offset, int count) throws IOException {
            int read = in.read(buffer, offset, count);
            if (read < 0 && state == State.QUOTED) {
                throw new DataException(file, lineOfCell, null,
                        "cannot be read: the quote that opens a cell is never closed; close it or take it away");
            }
            for (int i = offset; i < offset + read; i++) count(buffer[i]);
            return read;
        }

        private void count(char c) throws DataException {
            cellLength++;
            rowLength++;
            boolean lineEnd = c == '\n' || c == '\r';
            if (state == State.QUOTE_IN_QUOTED) state = c == '"' ? State.CELL_START : State.PLAIN;
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
            if (cellLength == 0) lineOfCell = line;
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
}
