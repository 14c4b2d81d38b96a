package org.ttm4j.data.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * The channels of a gzip CSV whose rows are a regular grid already: the header is {@code time,<channel>,…}, nothing is
 * quoted, and an empty cell is a missing value. The times are not read. {@link org.ttm4j.data.grid.CsvReader} reads all
 * other files.
 */
final class ChannelTable {
    private static final int BUFFER = 1 << 16;

    /** A sum of squares of larger numbers would overflow. */
    private static final double LARGEST = 1e100;

    private final String file;
    private final List<String> names;
    private final double[][] channels;
    private int steps;

    private ChannelTable(String file, List<String> names) {
        this.file = file;
        this.names = names;
        channels = new double[names.size()][1024];
    }

    /** Reads a file. Messages call it {@code name}. */
    static ChannelTable read(Path path, String name) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setQuote(null).get();
        long line = 0;
        try (InputStream in = Files.newInputStream(path);
                InputStream unzipped = new GZIPInputStream(in, BUFFER);
                BufferedReader text = new BufferedReader(new InputStreamReader(unzipped, StandardCharsets.UTF_8),
                        BUFFER);
                CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get()) {
            Iterator<CSVRecord> rows = parser.iterator();
            ChannelTable table = new ChannelTable(name, header(rows, name));
            line = 1;
            while (rows.hasNext()) table.add(rows.next(), ++line);
            return table;
        } catch (UncheckedIOException e) {
            // The iterator of Commons CSV wraps the exceptions of the stream.
            throw DataException.unreadable(name, line, e.getCause());
        } catch (IOException e) {
            throw DataException.unreadable(name, line, e);
        }
    }

    int channels() {
        return channels.length;
    }

    String name(int channel) {
        return names.get(channel);
    }

    /** A copy of the values of a channel, NaN where missing. */
    double[] values(int channel) {
        return Arrays.copyOf(channels[channel], steps);
    }

    private static List<String> header(Iterator<CSVRecord> rows, String name) throws DataException {
        List<String> cells = rows.hasNext() ? rows.next().toList() : List.of();
        if (cells.size() < 2 || !cells.get(0).equals("time")) {
            throw new DataException(name, 1, null, "expected the header 'time,<channel>,…'");
        }
        return List.copyOf(cells.subList(1, cells.size()));
    }

    private void add(CSVRecord row, long line) throws DataException {
        if (row.size() != channels.length + 1) {
            throw new DataException(file, line, null,
                    "expected " + (channels.length + 1) + " cells as in the header, found " + row.size());
        }
        if (steps == channels[0].length) {
            for (int i = 0; i < channels.length; i++) channels[i] = Arrays.copyOf(channels[i], steps * 2);
        }
        for (int i = 0; i < channels.length; i++) channels[i][steps] = number(row.get(i + 1), line, i);
        steps++;
    }

    private double number(String cell, long line, int channel) throws DataException {
        if (cell.isEmpty()) return Double.NaN;
        try {
            double value = Double.parseDouble(cell);
            // parseDouble also accepts the suffixes of Java literals, such as 1f.
            if (Math.abs(value) <= LARGEST && cell.charAt(cell.length() - 1) <= '9') return value;
        } catch (NumberFormatException e) {
            // The exception below names the place.
        }
        throw new DataException(file, line, names.get(channel),
                "expected a number of at most 1e100 or an empty cell, found " + Printable.quoted(cell));
    }
}
