package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.train.WindowSource;

/** Windows by number are the same for any thread, in any order. */
class PretrainWindowsTest {
    private static final int COUNT = 60;

    @TempDir
    Path folder;
    private Corpus corpus;

    @BeforeEach
    void buildCorpus() throws IOException {
        Path file = folder.resolve("corpus.bin");
        CorpusBuilder.build(CorpusSamples.manifest(folder), file, 1, progress -> {});
        corpus = Corpus.open(file);
    }

    private PretrainConfig config(String more) throws Exception {
        return config("'hill'", more);
    }

    private PretrainConfig config(String validation, String more) throws Exception {
        String json = "{'model': {'context_length': 32, 'prediction_length': 8, 'frequency_token_vocab_size': 10}, "
                + "'corpus': 'corpus.bin', 'validation': [" + validation + "], 'mixed': 0.5, 'masked': 0.5" + more
                + "}";
        return PretrainConfig.read(Files.writeString(folder.resolve("run.json"), json.replace('\'', '"')),
                PretrainOverrides.NONE);
    }

    private static WindowSource.Window window(WindowSource source, long index) {
        WindowSource.Window window = new WindowSource.Window(new float[32], new float[32], new float[8], new float[8],
                new float[0], new int[1], new int[0]);
        source.fill(window, index);
        return window;
    }

    private static void assertSame(WindowSource.Window expected, WindowSource.Window actual, String what) {
        assertArrayEquals(expected.past(), actual.past(), what);
        assertArrayEquals(expected.mask(), actual.mask(), what);
        assertArrayEquals(expected.target(), actual.target(), what);
        assertArrayEquals(expected.targetMask(), actual.targetMask(), what);
        assertArrayEquals(expected.token(), actual.token(), what);
    }

    @Test
    void aNumberIsAWindow() throws Exception {
        WindowSource source = new PretrainWindows(config(""), corpus, "");
        WindowSource.Window[] windows = IntStream.range(0, COUNT)
                .mapToObj(i -> window(source, i))
                .toArray(WindowSource.Window[]::new);
        WindowSource again = new PretrainWindows(config(""), corpus, "");
        IntStream.range(0, COUNT)
                .map(i -> COUNT - 1 - i)
                .parallel()
                .forEach(i -> assertSame(windows[i], window(again, i), "window " + i));
        WindowSource other = new PretrainWindows(config(", 'seed': 2"), corpus, "");
        for (int i = 0; i < COUNT; i++) {
            assertFalse(Arrays.equals(windows[i].target(), window(other, i).target()), "window " + i);
            for (float value : windows[i].past()) assertTrue(Math.abs(value) <= 20, "window " + i);
        }
    }

    @Test
    void dataSetsThatAreKeptAsideAreNotDrawn() throws Exception {
        WindowSource without = new PretrainWindows(config(", 'synthetic': 0, 'kept_aside': ['sea']"), corpus, "");
        WindowSource validated = new PretrainWindows(config("'hill', 'sea'", ", 'synthetic': 0"), corpus, "");
        for (int i = 0; i < COUNT; i++) assertSame(window(validated, i), window(without, i), "window " + i);
        String message = assertThrows(IllegalArgumentException.class,
                () -> new PretrainWindows(config(", 'kept_aside': ['see']"), corpus, "")).getMessage();
        assertEquals("kept_aside: the corpus has no data set see", message);
        String all = String.join(", ", new TreeSet<>(corpus.datasets()));
        PretrainConfig none = config(", 'kept_aside': ['" + all.replace(", ", "', '") + "']");
        message = assertThrows(IllegalArgumentException.class, () -> new PretrainWindows(none, corpus, ""))
                .getMessage();
        assertTrue(message.startsWith("no series of the corpus outside " + all + " has the "), message);
    }

    @Test
    void realWindowsHaveTheirResolutionUnlessItIsHidden() throws Exception {
        WindowSource known = new PretrainWindows(config(", 'synthetic': 0, 'downsampled': 0, 'unknown_resolution': 0"),
                corpus, "");
        WindowSource hidden = new PretrainWindows(config(", 'synthetic': 0, 'unknown_resolution': 1"), corpus, "");
        WindowSource synthetic = new PretrainWindows(config(", 'synthetic': 1, 'unknown_resolution': 0"), corpus, "");
        for (int i = 0; i < COUNT; i++) {
            assertEquals(7, window(known, i).token()[0], "hourly");
            assertEquals(0, window(hidden, i).token()[0]);
            assertEquals(0, window(synthetic, i).token()[0]);
        }
    }
}
