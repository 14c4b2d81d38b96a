package org.ttm4j.data.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.corpus.Corpus.CorpusFile;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.series.DataException;

class CorpusTest {
    private static final float GUARD = 99;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void build() throws IOException {
        file = folder.resolve("corpus.bin");
        CorpusBuilder.build(SourceFiles.small(folder).manifest(), file, 2, p -> {});
    }

    @Test
    void seriesAreNamed() throws IOException {
        Corpus corpus = Corpus.open(file);
        assertEquals(List.of("river", "shop"), corpus.datasets());
        assertEquals(List.of("river/a.csv.gz", "river/b.csv.gz", "shop/c.csv.gz"),
                corpus.files().stream().map(CorpusFile::name).toList());
        assertEquals("CC BY, shop", corpus.files().get(2).licence());
        assertEquals(List.of("flow", "level", "flow", "sales ä"),
                corpus.series().stream().map(CorpusSeries::name).toList());
        assertEquals(List.of("river", "river", "river", "shop"),
                corpus.series().stream().map(CorpusSeries::dataset).toList());
        assertEquals(List.of(3600L, 3600L, 86400L, 2629746L),
                corpus.series().stream().map(CorpusSeries::resolutionSeconds).toList());
        assertEquals(List.of(300, 300, 201, 100), corpus.series().stream().map(CorpusSeries::length).toList());
        assertEquals(901, corpus.values());
    }

    @Test
    void valuesAreTheStandardisedSourceToHalfPrecision() throws IOException {
        Corpus corpus = Corpus.open(file);
        for (int s = 0; s < 4; s++) {
            int length = corpus.series().get(s).length();
            double[] source = SourceFiles.noise(s + 1, length);
            double mean = Arrays.stream(source).filter(v -> !Double.isNaN(v)).average().orElseThrow();
            double std = Math.sqrt(Arrays.stream(source)
                    .filter(v -> !Double.isNaN(v))
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow());
            float[] read = new float[length];
            corpus.read(s, 0, length, read, 0);
            for (int i = 0; i < length; i++) {
                double expected = (source[i] - mean) / std;
                assertEquals(expected, read[i], Double.isNaN(expected) ? 0 : Math.abs(expected) / 2047 + 1e-7,
                        "series " + s + " step " + i);
            }
        }
    }

    @Test
    void aFileThatIsCutWhileItIsReadIsNamed() throws IOException {
        Corpus corpus = Corpus.open(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        UncheckedIOException error = assertThrows(UncheckedIOException.class,
                () -> corpus.read(0, 0, 300, new float[300], 0));
        assertTrue(error.getCause().getMessage().startsWith(file + ": "), error.getCause().getMessage());
    }

    @Test
    void aFolderIsNamed() {
        String message = assertThrows(DataException.class, () -> Corpus.open(folder)).getMessage();
        assertTrue(message.startsWith(folder + ": "), message);
    }

    @Test
    void aWindowFillsItsPlaceOnly() throws IOException {
        Corpus corpus = Corpus.open(file);
        float[] whole = new float[201];
        corpus.read(2, 0, 201, whole, 0);
        for (int length : new int[]{0, 1, 7, 31, 193}) {
            float[] out = new float[length + 5];
            Arrays.fill(out, GUARD);
            corpus.read(2, 7, length, out, 3);
            float[] expected = new float[length + 5];
            Arrays.fill(expected, GUARD);
            System.arraycopy(whole, 7, expected, 3, length);
            assertTrue(Arrays.equals(expected, out), "length " + length);
        }
    }

    @Test
    void windowsOutsideTheSeriesAreRefused() throws IOException {
        Corpus corpus = Corpus.open(file);
        float[] out = new float[100];
        assertThrows(IndexOutOfBoundsException.class, () -> corpus.read(4, 0, 1, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> corpus.read(-1, 0, 1, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> corpus.read(0, -1, 1, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> corpus.read(0, 250, 51, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> corpus.read(0, 0, 100, out, 1));
    }

    @Test
    void threadsReadTheSame() throws IOException {
        Corpus corpus = Corpus.open(file);
        float[] expected = new float[300];
        corpus.read(0, 0, 300, expected, 0);
        boolean same = IntStream.range(0, 1000).parallel().allMatch(i -> {
            float[] out = new float[300];
            corpus.read(0, 0, 300, out, 0);
            return Arrays.equals(expected, out);
        });
        assertTrue(same);
    }

    @Test
    void aFileOfTheWrongSizeIsRefused() throws IOException {
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[]{0, 1, 7, 8, 31, 32, 33, good.length / 2, good.length - 1, good.length + 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThrows(DataException.class, () -> Corpus.open(file), "length " + length);
        }
    }

    @Test
    void everyDamagedByteOfHeaderAndIndexIsFound() throws IOException {
        byte[] good = Files.readAllBytes(file);
        int valuesAt = good.length - 901 * 2;
        for (int at = 0; at < valuesAt; at++) {
            byte[] damaged = good.clone();
            damaged[at] ^= (byte) 0x81;
            Files.write(file, damaged);
            assertThrows(DataException.class, () -> Corpus.open(file), "byte " + at);
        }
    }

    @Test
    void otherVersionsAreNamed() throws IOException {
        byte[] other = Files.readAllBytes(file);
        other[8] = 77;
        Files.write(file, other);
        String message = assertThrows(DataException.class, () -> Corpus.open(file)).getMessage();
        assertTrue(message.contains("corpus.bin") && message.contains("expected format version 1, found 77"), message);
    }
}
