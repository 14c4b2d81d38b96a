package org.ttm4j.data.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ttm4j.data.series.DataException;

/**
 * A memory-mapped corpus of univariate series. Each series is standardised to mean 0 and standard deviation 1; missing
 * values are NaN. Values have the precision of half floats, 11 bits.
 *
 * <pre>{@code
 * Corpus corpus = Corpus.open(Path.of("pretrain.bin"));
 * float[] window = new float[608];
 * corpus.read(series, start, window.length, window, 0);
 * }</pre>
 *
 * Immutable and thread-safe. The file must not change while the corpus is in use; it is unmapped when the corpus is no
 * longer reachable.
 */
public final class Corpus {
    private static final int CHUNK_BITS = 29;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final Path path;
    private final CorpusFormat.Index index;
    private final List<String> datasets;
    private final long[] starts;
    private final ShortBuffer[] chunks;

    private Corpus(Path path, CorpusFormat.Index index, ShortBuffer[] chunks) {
        this.path = path;
        this.index = index;
        this.chunks = chunks;
        datasets = index.files().stream().map(CorpusFile::dataset).distinct().toList();
        starts = new long[index.series().size()];
        for (int i = 1; i < starts.length; i++) starts[i] = starts[i - 1] + index.series().get(i - 1).length();
    }

    /**
     * Maps a corpus read-only.
     *
     * @throws DataException when the file is not a corpus, has another version, or is damaged
     */
    public static Corpus open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            CorpusFormat.Index index = CorpusFormat.decode(channel, path.toString());
            ShortBuffer[] chunks = new ShortBuffer[Math.toIntExact(Math.ceilDiv(index.values(), CHUNK))];
            for (int i = 0; i < chunks.length; i++) {
                long first = (long) i << CHUNK_BITS;
                long bytes = Math.min(CHUNK, index.values() - first) * CorpusFormat.VALUE_BYTES;
                chunks[i] = channel.map(MapMode.READ_ONLY, index.valuesAt() + first * CorpusFormat.VALUE_BYTES, bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer();
            }
            return new Corpus(path, index, chunks);
        }
    }

    /** The names of the data sets, in the order of the manifest. */
    public List<String> datasets() {
        return datasets;
    }

    /** The source files, in the order of the manifest; some can have no series. */
    public List<CorpusFile> files() {
        return index.files();
    }

    /** The series, grouped by file. {@link #read} takes the index of a series in this list. */
    public List<CorpusSeries> series() {
        return index.series();
    }

    /** The number of values of all series together, including missing ones. */
    public long values() {
        return index.values();
    }

    /**
     * Copies a window of a series, and allocates nothing.
     *
     * @param series the index of the series
     * @param start the first step of the window in the series
     * @param length the number of steps
     * @param out receives the standardised values, NaN where missing
     * @param outOffset the index in {@code out} of the first value
     * @throws IndexOutOfBoundsException when the series does not exist, or the window lies outside it or {@code out}
     * @throws UncheckedIOException with a {@link DataException} when the file was cut or cannot be read any more
     */
    public void read(int series, int start, int length, float[] out, int outOffset) {
        Objects.checkFromIndexSize(start, length, index.series().get(series).length());
        Objects.checkFromIndexSize(outOffset, length, out.length);
        long at = starts[series] + start;
        try {
            for (int done = 0; done < length;) {
                int inChunk = (int) (at & (CHUNK - 1));
                int count = Math.min(length - done, CHUNK - inChunk);
                copy(chunks[(int) (at >> CHUNK_BITS)], inChunk, count, out, outOffset + done);
                done += count;
                at += count;
            }
        } catch (InternalError e) {
            // What the JVM throws for a page of the mapping that the file does not have any more; of compiled code only as
            // it returns, so not in the method that reads.
            throw new UncheckedIOException(new DataException(path.toString(), 0, null,
                    "cannot be read any more: the file was cut while it was in use", e));
        }
    }

    private static void copy(ShortBuffer chunk, int from, int count, float[] out, int to) {
        for (int i = 0; i < count; i++) out[to + i] = Float.float16ToFloat(chunk.get(from + i));
    }

    /**
     * A source file of the corpus.
     *
     * @param dataset the data set the file belongs to
     * @param name the file's path relative to the manifest
     * @param licence the licence as the manifest states it
     * @param resolutionSeconds the seconds between two steps; for calendar steps such as months their mean number
     * @param tally the numbers of observations read from the file and dropped
     */
    public record CorpusFile(String dataset, String name, String licence, long resolutionSeconds, CutTally tally) {
        /** @throws IllegalArgumentException when the resolution is not positive */
        public CorpusFile {
            if (resolutionSeconds <= 0) {
                throw new IllegalArgumentException("expected a resolution above 0 seconds, found " + resolutionSeconds);
            }
        }

        /**
         * The numbers of observations that {@link CorpusBuilder} read and dropped. All others were kept. Immutable.
         *
         * @param channels the number of channels read
         * @param read the observations read
         * @param outliers the observations dropped as outliers
         * @param flat the observations dropped in flat stretches
         * @param flatRuns the number of flat stretches
         * @param tooShort the observations dropped in pieces that are too short
         * @param shortPieces the number of pieces that are too short
         * @param mostlyMissing the observations dropped in pieces that are mostly missing
         * @param sparsePieces the number of pieces that are mostly missing
         */
        public record CutTally(int channels, long read, long outliers, long flat, int flatRuns, long tooShort,
                int shortPieces, long mostlyMissing, int sparsePieces) {
            static final CutTally NOTHING = new CutTally(0, 0, 0, 0, 0, 0, 0, 0, 0);

            /** @throws IllegalArgumentException when a count is negative or more was dropped than read */
            public CutTally {
                long dropped = outliers + flat + tooShort + mostlyMissing;
                boolean negative = (channels | read | outliers | flat | flatRuns | tooShort | shortPieces
                        | mostlyMissing | sparsePieces | dropped) < 0;
                if (negative || dropped > read) {
                    throw new IllegalArgumentException(
                            "expected counts of at least 0 that drop no more than was read, found " + dropped + " of "
                                    + read + " observations dropped in " + channels + " channels");
                }
            }

            /** The number of observations kept. */
            public long kept() {
                return read - outliers - flat - tooShort - mostlyMissing;
            }

            /** The sum of both tallies. */
            public CutTally plus(CutTally other) {
                return new CutTally(channels + other.channels, read + other.read, outliers + other.outliers,
                        flat + other.flat, flatRuns + other.flatRuns, tooShort + other.tooShort,
                        shortPieces + other.shortPieces, mostlyMissing + other.mostlyMissing,
                        sparsePieces + other.sparsePieces);
            }
        }
    }

    /**
     * A univariate series of the corpus: a piece of one channel of one file.
     *
     * @param file the source file
     * @param name the name of the channel in that file
     * @param firstStep the row of the file, counted from 0, at which the series begins
     * @param length the number of steps, including missing ones; the first and the last are observed
     * @param observed the number of steps that have a value
     */
    public record CorpusSeries(CorpusFile file, String name, int firstStep, int length, int observed) {
        /** @throws IllegalArgumentException unless 0 ≤ {@code firstStep} and 1 ≤ {@code observed} ≤ {@code length} */
        public CorpusSeries {
            if (firstStep < 0 || observed < 1 || length < observed) {
                throw new IllegalArgumentException("a series from step " + firstStep + " with " + observed
                        + " observations in " + length + " steps");
            }
        }

        /** The data set the series belongs to. */
        public String dataset() {
            return file.dataset();
        }

        /** The seconds between two steps; for calendar steps such as months their mean number. */
        public long resolutionSeconds() {
            return file.resolutionSeconds();
        }
    }
}
