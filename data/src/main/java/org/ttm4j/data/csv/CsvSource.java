package org.ttm4j.data.csv;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ttm4j.data.series.DataException;

/** The rows of a CSV: plain or gzip, UTF-8 with or without a byte order mark, delimited by comma, semicolon or tab. */
final class CsvSource implements Closeable {
    private static final int SNIFFED = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final char delimiter;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Deque<Row> ahead = new ArrayDeque<>();
    private final List<String> header;

    CsvSource(InputStream in, String file, CsvLimits limits) throws IOException {
        this.file = file;
        BufferedReader text;
        try {
            text = new BufferedReader(new InputStreamReader(unzip(in), StandardCharsets.UTF_8), SNIFFED);
            delimiter = sniffDelimiter(text);
        } catch (ZipException | EOFException e) {
            throw unreadable(0, e);
        }
        CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(delimiter).setIgnoreSurroundingSpaces(true).get();
        parser = CSVParser.builder().setReader(new LimitReader(text, file, delimiter, limits)).setFormat(format).get();
        records = parser.iterator();
        header = readHeader();
    }

    /** A row, and the line on which it ends. */
    record Row(CSVRecord record, long line) {
        String cell(int column) {
            return record.get(column);
        }

        boolean isBlank() {
            for (String cell : record) if (!cell.isEmpty()) return false;
            return true;
        }
    }

    char delimiter() {
        return delimiter;
    }

    /** The column names; a column without a name is called by its number, such as {@code column 3}. */
    List<String> header() {
        return header;
    }

    /** The first rows, at most so many, without consuming them. */
    List<Row> peek(int most) throws IOException {
        while (ahead.size() < most) {
            Row row = read();
            if (row == null) break;
            ahead.add(row);
        }
        return List.copyOf(ahead);
    }

    /** The next row, or null at the end. It has as many cells as the header, or is blank. */
    Row next() throws IOException {
        Row row = ahead.isEmpty() ? read() : ahead.poll();
        if (row != null && row.record.size() != header.size() && !row.isBlank()) {
            throw new DataException(file, row.line, null,
                    "expected " + header.size() + " cells as in the header, found " + row.record.size());
        }
        return row;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private Row read() throws IOException {
        try {
            return records.hasNext() ? new Row(records.next(), parser.getCurrentLineNumber()) : null;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            if (cause instanceof CSVException || cause instanceof ZipException || cause instanceof EOFException) {
                throw unreadable(parser.getCurrentLineNumber(), cause);
            }
            throw cause;
        }
    }

    private DataException unreadable(long line, IOException cause) {
        String reason = cause instanceof EOFException ? "the compressed data ends early" : cause.getMessage();
        return new DataException(file, line, null, "cannot be read: " + reason, cause);
    }

    private List<String> readHeader() throws IOException {
        Row first = read();
        if (first == null) throw new DataException(file, 0, null, "the file is empty; expected a line of column names");
        if (isData(first)) {
            throw new DataException(file, first.line, null,
                    "expected a line of column names, found only data; add a header line");
        }
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String cell : first.record) {
            String name = cell.isBlank() ? "column " + (names.size() + 1) : cell.strip();
            if (!seen.add(name)) {
                throw new DataException(file, first.line, name,
                        "the column name occurs twice; rename one of the columns");
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    private static boolean isData(Row row) {
        NumberParser parser = new NumberParser(true);
        for (String cell : row.record) if (!parser.read(cell) && !TimeColumn.accepts(List.of(cell), true)) return false;
        return true;
    }

    private static InputStream unzip(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, SNIFFED);
        buffered.mark(2);
        boolean zipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return zipped ? new GZIPInputStream(buffered, SNIFFED) : buffered;
    }

    /** Skips a byte order mark, and returns the delimiter that occurs most often in the first line, outside quotes. */
    private static char sniffDelimiter(BufferedReader text) throws IOException {
        text.mark(SNIFFED);
        if (text.read() == BYTE_ORDER_MARK) text.mark(SNIFFED);
        text.reset();
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean quoted = false;
        boolean started = false;
        for (int i = 0; i < SNIFFED - 1; i++) {
            int c = text.read();
            boolean lineEnd = c == '\n' || c == '\r';
            if (c < 0 || (started && lineEnd && !quoted)) break;
            started |= !lineEnd;
            quoted ^= c == '"';
            commas += !quoted && c == ',' ? 1 : 0;
            semicolons += !quoted && c == ';' ? 1 : 0;
            tabs += !quoted && c == '\t' ? 1 : 0;
        }
        text.reset();
        if (semicolons > commas && semicolons >= tabs) return ';';
        return tabs > commas ? '\t' : ',';
    }
}
