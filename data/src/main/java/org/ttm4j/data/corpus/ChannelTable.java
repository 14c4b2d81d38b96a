package org.ttm4j.data.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * The channels of a gzip CSV whose rows are a regular grid already: the header is {@code time,<channel>,…}, nothing is
 * quoted, and an empty cell is a missing value. The times are not read. {@link org.ttm4j.data.grid.CsvReader} reads all
 * other files.
 */
final class ChannelTable {
    private static final int BUFFER = 1 << 16;
    private static final String DELIMITER = ",";

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
        long line = 0;
        try (InputStream in = Files.newInputStream(path);
                InputStream unzipped = new GZIPInputStream(in, BUFFER);
                BufferedReader text = new BufferedReader(new InputStreamReader(unzipped, StandardCharsets.UTF_8),
                        BUFFER)) {
            ChannelTable table = new ChannelTable(name, header(text.readLine(), name));
            line = 1;
            for (String row = text.readLine(); row != null; row = text.readLine()) {
                line++;
                if (!row.isEmpty()) table.add(row.split(DELIMITER, -1), line);
            }
            return table;
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

    private static List<String> header(String row, String name) throws DataException {
        List<String> cells = row == null ? List.of() : List.of(row.split(DELIMITER, -1));
        if (cells.size() < 2 || !cells.get(0).equals("time")) {
            throw new DataException(name, 1, null, "expected the header 'time,<channel>,…'");
        }
        return List.copyOf(cells.subList(1, cells.size()));
    }

    private void add(String[] row, long line) throws DataException {
        if (row.length != channels.length + 1) {
            throw new DataException(file, line, null,
                    "expected " + (channels.length + 1) + " cells as in the header, found " + row.length);
        }
        if (steps == channels[0].length) {
            for (int i = 0; i < channels.length; i++) channels[i] = Arrays.copyOf(channels[i], steps * 2);
        }
        for (int i = 0; i < channels.length; i++) channels[i][steps] = number(row[i + 1], line, i);
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
