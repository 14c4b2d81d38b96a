package org.ttm4j.cli.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.Safetensors;

/**
 * What reads bytes of others: each may refuse them with its own exception, and may do nothing else wrong. {@code bin/torture
 * fuzz} runs each for as long as is wanted, {@link FuzzTargetsTest} on stored inputs.
 */
final class FuzzTargets {
    private static final int CSV_BYTES = 8 << 20;
    /** Where the header of a corpus has what, and where it ends. */
    private static final int CORPUS_CHECKSUM = 12;
    private static final int CORPUS_INDEX_BYTES = 16;
    private static final int CORPUS_HEADER = 32;
    private static final Path FOLDER = folder();

    /** A reader; it throws what is not its typed refusal. */
    interface Target {
        void read(byte[] data) throws IOException;
    }

    private FuzzTargets() {}

    /** All targets by name. */
    static Map<String, Target> all() {
        Map<String, Target> targets = new LinkedHashMap<>();
        targets.put("csv",
                data -> CsvReader.read(new ByteArrayInputStream(data), "x", CsvOptions.defaults(), CSV_BYTES));
        targets.put("json", data -> Json.parseObject(data, "x"));
        targets.put("config", FuzzTargets::config);
        targets.put("safetensors", data -> Safetensors.read(new ByteArrayInputStream(data), "x"));
        targets.put("channels", data -> model("channels.json", data));
        targets.put("intervals", data -> model("intervals.safetensors", data));
        targets.put("corpus", FuzzTargets::corpus);
        targets.put("http", data -> Http.TARGET.read(data));
        return targets;
    }

    /** Runs a target; what it refuses in its own words is well. */
    static void run(Target target, byte[] data) {
        try {
            target.read(data);
        } catch (DataException | CheckpointException refused) {
            if (refused.getMessage() == null || refused.getMessage().isBlank()) throw new AssertionError(refused);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("ttm4j-fuzz");
            Samples.model(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration without a file is an argument, and refused as one. */
    private static void config(byte[] data) throws IOException {
        Map<String, Object> json = Json.parseObject(data, "x");
        try {
            TtmConfig.fromJson(json);
        } catch (IllegalArgumentException refused) {
            throw new CheckpointException("x", refused.getMessage());
        }
    }

    /** A model with one file replaced. */
    private static void model(String file, byte[] data) throws IOException {
        Path path = FOLDER.resolve("model").resolve(file);
        Files.write(path, data);
        try {
            Forecaster.load(FOLDER.resolve("model")).fast().forecast(new float[][]{{1, 2, 3, 2, 1, 2, 3, 2}});
        } finally {
            Files.delete(path);
        }
    }

    private static void corpus(byte[] data) throws IOException {
        Path path = Files.write(FOLDER.resolve("corpus.bin"), withChecksum(data));
        Corpus corpus = Corpus.open(path);
        for (int i = 0; i < corpus.series().size(); i++) {
            int length = corpus.series().get(i).length();
            corpus.read(i, 0, length, new float[length], 0);
        }
    }

    /** The corpus with the checksum of its index: with a wrong one, nothing behind it would be read. */
    private static byte[] withChecksum(byte[] data) {
        byte[] corpus = data.clone();
        if (corpus.length < CORPUS_HEADER) return corpus;
        ByteBuffer header = ByteBuffer.wrap(corpus).order(ByteOrder.LITTLE_ENDIAN);
        long index = header.getLong(CORPUS_INDEX_BYTES);
        if (index < 0 || index > corpus.length - CORPUS_HEADER) return corpus;
        CRC32 checksum = new CRC32();
        checksum.update(corpus, CORPUS_HEADER, (int) index);
        header.putInt(CORPUS_CHECKSUM, (int) checksum.getValue());
        return corpus;
    }

    /** Started only where it is wanted. */
    private static final class Http {
        static final HttpTarget TARGET = start();

        private static HttpTarget start() {
            try {
                return new HttpTarget(FOLDER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The entry that Jazzer calls; the property fuzz.target names the target. */
    public static final class Entry {
        private static final Target TARGET = all().get(System.getProperty("fuzz.target"));

        private Entry() {}

        /** Loads classes before the clock of the first input runs. */
        public static void fuzzerInitialize() {
            run(TARGET, new byte[0]);
        }

        public static void fuzzerTestOneInput(byte[] data) {
            run(TARGET, data);
        }
    }
}
