package org.ttm4j.data.corpus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** A folder with a manifest and gzip CSV files. */
final class SourceFiles {
    private static final String HEADER = "role,dataset,file,resolution_seconds,resolution,licence";

    private final Path folder;
    private final List<String> manifest = new ArrayList<>(List.of(HEADER));

    SourceFiles(Path folder) {
        this.folder = folder;
    }

    /** Three files of two data sets, with some missing values, and an evaluation file that does not exist. */
    static SourceFiles small(Path folder) throws IOException {
        SourceFiles files = new SourceFiles(folder);
        files.row("eval", "judge", "eval/absent.csv.gz", 3600);
        files.add("river", "river/a.csv.gz", 3600, "time,flow,level", noise(1, 300), noise(2, 300));
        files.add("river", "river/b.csv.gz", 86400, "time,flow", noise(3, 201));
        files.add("shop", "shop/c.csv.gz", 2629746, "time,sales ä,empty", noise(4, 100), new double[0]);
        return files;
    }

    static double[] noise(long seed, int length) {
        Random random = new Random(seed);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) values[i] = i % 7 == 3 ? Double.NaN : 100 + 10 * random.nextGaussian();
        return values;
    }

    /** Adds a file of role pretrain. A channel that is shorter than the first ends early. */
    void add(String dataset, String file, long resolution, String header, double[]... channels) throws IOException {
        StringBuilder text = new StringBuilder(header).append('\n');
        for (int i = 0; i < channels[0].length; i++) {
            text.append("2024-01-01");
            for (double[] channel : channels) {
                text.append(',').append(i >= channel.length || Double.isNaN(channel[i]) ? "" : channel[i]);
            }
            text.append('\n');
        }
        write(file, text.toString());
        row("pretrain", dataset, file, resolution);
    }

    void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    void row(String role, String dataset, String file, long resolution) {
        manifest.add(
                String.join(",", role, dataset, file, Long.toString(resolution), "x", "\"CC BY, " + dataset + "\""));
    }

    Path path(String file) {
        return folder.resolve(file);
    }

    /** Writes the manifest and returns the path. */
    Path manifest() throws IOException {
        return Files.write(folder.resolve("MANIFEST.csv"), manifest);
    }
}
