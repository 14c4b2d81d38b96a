package org.ttm4j.data.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.ttm4j.data.corpus.Corpus.CorpusFile.CutTally;
import org.ttm4j.data.corpus.Corpus.CorpusFile;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.series.DataException;

/**
 * The format of a corpus file, little-endian:
 *
 * <pre>
 * header  "TTM4JCRP", int version, int CRC-32 of the index, long bytes of the index, long number of values
 * index   int files, then for each file:
 *           text dataset, text name, text licence, long resolution in seconds,
 *           the tally: int channels, long read, long outliers, long flat, int flat runs, long too short,
 *             int short pieces, long mostly missing, int sparse pieces
 *           int series, then for each series: text channel, int first step, int length, int observed
 *         zeros up to a multiple of 8 bytes
 * values  the series in the order of the index, one after the other, as IEEE half floats; NaN is missing
 * </pre>
 *
 * A text is an int number of bytes, then UTF-8.
 */
final class CorpusFormat {
    static final int VERSION = 1;
    static final int VALUE_BYTES = Short.BYTES;

    private static final byte[] MAGIC = "TTM4JCRP".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 32;
    private static final int ALIGNMENT = 8;
    /** Bytes that the numbers of a file take. */
    private static final int NUMBERS_OF_FILE = 6 * Long.BYTES + 5 * Integer.BYTES;

    private CorpusFormat() {}

    /**
     * The index of a corpus file.
     *
     * @param files the source files
     * @param series the series in the order of their values
     * @param valuesAt the offset in the file of the first value
     * @param values the number of values
     */
    record Index(List<CorpusFile> files, List<CorpusSeries> series, long valuesAt, long values) {}

    /** Encodes header and index. The series must be grouped by file, in the order of the files. */
    static ByteBuffer encode(List<CorpusFile> files, List<CorpusSeries> series) {
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        index.writeBytes(littleEndian(Integer.BYTES).putInt(files.size()).array());
        int next = 0;
        long values = 0;
        for (CorpusFile file : files) {
            int first = next;
            while (next < series.size() && series.get(next).file().equals(file)) values += series.get(next++).length();
            put(index, file, series.subList(first, next));
        }
        if (next < series.size()) {
            throw new IllegalArgumentException("series " + next + " is not in the order of the files");
        }
        while (index.size() % ALIGNMENT != 0) index.write(0);
        CRC32 checksum = new CRC32();
        checksum.update(index.toByteArray());
        ByteBuffer all = littleEndian(Math.addExact(HEADER, index.size()));
        all.put(MAGIC).putInt(VERSION).putInt((int) checksum.getValue()).putLong(index.size()).putLong(values);
        return all.put(index.toByteArray()).flip();
    }

    /** A buffer for so many bytes of a corpus file. */
    static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads header and index without mapping the file, so that any system can delete the file afterwards. */
    static Index read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return decode(channel, file.toString());
        }
    }

    /** Reads header and index, and checks that they agree with each other and with the size of the file. */
    static Index decode(FileChannel channel, String file) throws IOException {
        try {
            return checked(channel, file);
        } catch (IOException e) {
            throw DataException.unreadable(file, 0, e);
        }
    }

    private static Index checked(FileChannel channel, String file) throws IOException {
        long size = channel.size();
        ByteBuffer header = read(channel, 0, (int) Math.min(HEADER, size));
        if (header.remaining() < HEADER || !Arrays.equals(header.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataException(file, 0, null, "is not a corpus: expected a file that begins with TTM4JCRP");
        }
        header.position(MAGIC.length);
        int version = header.getInt();
        int checksum = header.getInt();
        long indexBytes = header.getLong();
        long values = header.getLong();
        if (version != VERSION) {
            throw new DataException(file, 0, null,
                    "expected format version " + VERSION + ", found " + version + "; build the corpus anew");
        }
        long room = size - HEADER;
        boolean fits = indexBytes >= Integer.BYTES && indexBytes <= Math.min(room, Integer.MAX_VALUE - 8) && values >= 0
                && values <= room / VALUE_BYTES && indexBytes + values * VALUE_BYTES == room;
        if (!fits) {
            throw new DataException(file, 0, null, "has " + size + " bytes, but the header says " + HEADER + " + "
                    + indexBytes + " bytes of index + " + values + " values of " + VALUE_BYTES + " bytes");
        }
        ByteBuffer index = read(channel, HEADER, (int) indexBytes);
        CRC32 actual = new CRC32();
        actual.update(index.duplicate());
        if ((int) actual.getValue() != checksum) {
            throw new DataException(file, 0, null,
                    "the index is damaged: the checksum is wrong; build the corpus anew");
        }
        try {
            return parse(index, HEADER + indexBytes, values);
        } catch (BufferUnderflowException e) {
            throw new DataException(file, 0, null, "the index is damaged: it ends early", e);
        } catch (IllegalArgumentException e) {
            throw new DataException(file, 0, null, "the index is damaged: " + e.getMessage(), e);
        }
    }

    private static Index parse(ByteBuffer index, long valuesAt, long values) {
        List<CorpusFile> files = new ArrayList<>();
        List<CorpusSeries> series = new ArrayList<>();
        long found = 0;
        for (int f = index.getInt(); f > 0; f--) {
            String dataset = text(index);
            String name = text(index);
            String licence = text(index);
            long resolution = index.getLong();
            CutTally tally = new CutTally(index.getInt(), index.getLong(), index.getLong(), index.getLong(),
                    index.getInt(), index.getLong(), index.getInt(), index.getLong(), index.getInt());
            CorpusFile file = new CorpusFile(dataset, name, licence, resolution, tally);
            files.add(file);
            for (int s = index.getInt(); s > 0; s--) {
                CorpusSeries next = new CorpusSeries(file, text(index), index.getInt(), index.getInt(), index.getInt());
                found += next.length();
                series.add(next);
            }
        }
        if (found != values || index.remaining() >= ALIGNMENT) {
            throw new IllegalArgumentException("it holds " + found + " values and " + index.remaining()
                    + " further bytes, but the header says " + values + " values");
        }
        return new Index(List.copyOf(files), List.copyOf(series), valuesAt, values);
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("it holds a text of " + length + " bytes");
        }
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = littleEndian(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) continue;
        return bytes.flip();
    }

    private static void put(ByteArrayOutputStream out, CorpusFile file, List<CorpusSeries> series) {
        for (String text : List.of(file.dataset(), file.name(), file.licence())) put(out, text);
        CutTally tally = file.tally();
        ByteBuffer numbers = littleEndian(NUMBERS_OF_FILE).putLong(file.resolutionSeconds())
                .putInt(tally.channels())
                .putLong(tally.read())
                .putLong(tally.outliers())
                .putLong(tally.flat())
                .putInt(tally.flatRuns())
                .putLong(tally.tooShort())
                .putInt(tally.shortPieces())
                .putLong(tally.mostlyMissing())
                .putInt(tally.sparsePieces())
                .putInt(series.size());
        out.writeBytes(numbers.array());
        for (CorpusSeries one : series) {
            put(out, one.name());
            ByteBuffer steps = littleEndian(3 * Integer.BYTES).putInt(one.firstStep())
                    .putInt(one.length())
                    .putInt(one.observed());
            out.writeBytes(steps.array());
        }
    }

    private static void put(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(littleEndian(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }
}
