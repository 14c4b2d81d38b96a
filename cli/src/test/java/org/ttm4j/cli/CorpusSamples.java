package org.ttm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.ttm4j.data.corpus.CorpusBuilder;

/** A tiny corpus of hourly sines with noise: the data sets {@code sea}, {@code hill} and {@code town}. */
final class CorpusSamples {
    private static final int ROWS = 400;

    private CorpusSamples() {}

    /** Builds {@code corpus.bin} in a folder. */
    static Path build(Path folder) throws IOException {
        StringBuilder manifest = new StringBuilder("role,dataset,file,resolution_seconds,resolution,licence\n");
        for (String name : new String[]{"sea", "hill", "town"}) {
            manifest.append("pretrain,").append(name).append(',').append(name).append(".csv.gz,3600,1h,none\n");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".csv.gz")))) {
                out.write(csv(name.hashCode()).getBytes(StandardCharsets.UTF_8));
            }
        }
        Path corpus = folder.resolve("corpus.bin");
        CorpusBuilder.build(Files.writeString(folder.resolve("manifest.csv"), manifest), corpus, 1, progress -> {});
        return corpus;
    }

    private static String csv(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("time,a,b\n");
        for (int row = 0; row < ROWS; row++) {
            text.append("2024-01-01");
            for (int c = 0; c < 2; c++) {
                double value = 50 + 10 * Math.sin(2 * Math.PI * (row + 5 * c) / 24) + random.nextGaussian();
                text.append(String.format(Locale.ROOT, ",%.3f", value));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
