package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The log of a run: {@code log.csv}, a row a validation, rewritten whole so that a resumed run has no row twice. */
final class TrainingLog {
    private static final String HEADER = "step,windows,loss,learning_rate,windows_per_second,validation_mse,validation_ratio";

    private final Path file;
    private final List<String> rows = new ArrayList<>();

    private TrainingLog(Path file) {
        this.file = file;
    }

    /** The log in a run's folder, cut after {@code step}, where the run goes on. */
    static TrainingLog open(Path folder, long step) throws IOException {
        TrainingLog log = new TrainingLog(folder.resolve("log.csv"));
        if (!Files.exists(log.file)) return log;
        for (String row : Files.readAllLines(log.file)) {
            String first = row.split(",", 2)[0];
            if (first.matches("[0-9]{1,18}") && Long.parseLong(first) <= step) log.rows.add(row);
        }
        return log;
    }

    void add(long step, long windows, double loss, double learningRate, double rate, Validation.Score score)
            throws CommandException {
        String validation = score == null ? "," : String.format(Locale.ROOT, "%.5f,%.5f", score.mse(), score.ratio());
        rows.add(String.format(Locale.ROOT, "%d,%d,%.5f,%.3e,%.0f,%s", step, windows, loss, learningRate, rate,
                validation));
        OutputFile.write(file, out -> {
            out.write(HEADER + "\n");
            for (String row : rows) out.write(row + "\n");
        });
    }
}
