package org.ttm4j.data.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.zip.GZIPInputStream;
import org.ttm4j.data.corpus.Corpus.CorpusFile;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * Writes corpus files: a part from one source file, and the corpus from all parts. Files appear whole or not at all.
 */
final class CorpusPart {
    private CorpusPart() {}

    /** Cuts one source file to series, and writes them as a corpus that holds nothing else. */
    static void write(Path part, Path source, CorpusFile file) throws IOException {
        ChannelTable table = ChannelTable.read(source, file.name());
        List<ByteBuffer> values = new ArrayList<>(); // half floats
        List<Function<CorpusFile, CorpusSeries>> pieces = new ArrayList<>();
        SeriesCutter cutter = new SeriesCutter(file.resolutionSeconds(), (channel, piece, start, length, observed) -> {
            ByteBuffer own = CorpusFormat.littleEndian(Math.multiplyExact(length, CorpusFormat.VALUE_BYTES));
            for (int i = start; i < start + length; i++) own.putShort(Float.floatToFloat16((float) piece[i]));
            values.add(own.flip());
            pieces.add(cut -> new CorpusSeries(cut, channel, start, length, observed));
        });
        for (int i = 0; i < table.names.size(); i++) cutter.cut(table.names.get(i), table.values(i));
        CorpusFile cut = new CorpusFile(file.dataset(), file.name(), file.licence(), file.resolutionSeconds(),
                cutter.tally());
        List<CorpusSeries> series = pieces.stream().map(piece -> piece.apply(cut)).toList();
        replace(part, out -> {
            writeAll(out, CorpusFormat.encode(List.of(cut), series));
            for (ByteBuffer own : values) writeAll(out, own);
        });
    }

    /** Writes the corpus of all parts, in their order. */
    static void merge(Path corpus, List<Path> parts) throws IOException {
        List<CorpusFile> files = new ArrayList<>();
        List<CorpusSeries> series = new ArrayList<>();
        for (Path part : parts) {
            CorpusFormat.Index index = CorpusFormat.read(part);
            files.addAll(index.files());
            series.addAll(index.series());
        }
        replace(corpus, out -> {
            writeAll(out, CorpusFormat.encode(files, series));
            for (Path part : parts) appendValues(out, part);
        });
    }

    private static void appendValues(FileChannel out, Path part) throws IOException {
        try (FileChannel in = FileChannel.open(part)) {
            CorpusFormat.Index index = CorpusFormat.decode(in, part.toString());
            long end = index.valuesAt() + index.values() * CorpusFormat.VALUE_BYTES;
            for (long at = index.valuesAt(); at < end;) at += in.transferTo(at, end - at, out);
        }
    }

    interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    /** Writes a file that appears whole or not at all. */
    static void replace(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(out);
                out.force(true);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                throw new DataException(target.toString(), 0, null, "cannot be written: " + e.getMessage(), e);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Forces the name of a file to disk, on systems that can open folders. */
    private static void forceFolder(Path file) throws IOException {
        FileChannel folder;
        try {
            folder = FileChannel.open(file.toAbsolutePath().getParent());
        } catch (IOException cannotBeOpened) {
            return;
        }
        try (folder) {
            folder.force(true);
        }
    }

    static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) out.write(bytes);
    }

    /**
     * The channels of a gzip CSV whose rows are a regular grid already: the header is {@code time,<channel>,…}, nothing is
     * quoted, and an empty cell is a missing value. The times are not read. {@link org.ttm4j.data.grid.CsvReader} reads all
     * other files.
     */
    private static final class ChannelTable {
        private static final int BUFFER = 1 << 16;
        private static final String DELIMITER = ",";

        /** A sum of squares of larger numbers would overflow. */
        private static final double LARGEST = 1e100;

        private final String file;
        final List<String> names;
        private final List<DoubleStream.Builder> channels;

        private ChannelTable(String file, List<String> names) {
            this.file = file;
            this.names = names;
            channels = names.stream().map(name -> DoubleStream.builder()).toList();
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

        /** The values of a channel, NaN where missing; once, when all rows are read. */
        double[] values(int channel) {
            return channels.get(channel).build().toArray();
        }

        private static List<String> header(String row, String name) throws DataException {
            List<String> cells = row == null ? List.of() : List.of(row.split(DELIMITER, -1));
            if (cells.size() < 2 || !cells.get(0).equals("time")) {
                throw new DataException(name, 1, null, "expected the header 'time,<channel>,…'");
            }
            return List.copyOf(cells.subList(1, cells.size()));
        }

        private void add(String[] row, long line) throws DataException {
            if (row.length != names.size() + 1) {
                throw new DataException(file, line, null,
                        "expected " + (names.size() + 1) + " cells as in the header, found " + row.length);
            }
            for (int i = 0; i < names.size(); i++) channels.get(i).add(number(row[i + 1], line, i));
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
}
