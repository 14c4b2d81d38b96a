package org.ttm4j.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.plot.LossPlot;
import org.ttm4j.eval.validation.Validation;

/**
 * The log of a training run: {@code log.csv} with a row for each validation, and {@code loss.svg}. Both are rewritten
 * whole, so that a resumed run has no row twice. Not thread-safe.
 */
public final class TrainingLog {
    /** The name of the table in the folder of a run. */
    public static final String FILE = "log.csv";

    private static final String HEADER = "step,windows,loss,learning_rate,windows_per_second,validation_mse,validation_ratio";
    private static final int LOSS = 2;
    private static final int VALIDATION = 5;
    private static final int RATIO = 6;

    private final Path folder;
    private final List<String> rows = new ArrayList<>();

    private TrainingLog(Path folder) {
        this.folder = folder;
    }

    private Path csv() {
        return folder.resolve(FILE);
    }

    /**
     * The log in the folder of a run, up to {@code step}, from which the run continues.
     *
     * @throws CommandException when a line is no row of a log; the message names it
     */
    public static TrainingLog open(Path folder, long step) throws CommandException, IOException {
        TrainingLog log = new TrainingLog(folder);
        if (!Files.exists(log.csv())) return log;
        List<String> lines = Files.readAllLines(log.csv());
        for (int i = 1; i < lines.size(); i++) {
            try {
                String row = lines.get(i);
                if (point(row).step() > step) continue;
                ratio(row);
                log.rows.add(row);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new CommandException(log.csv() + ", line " + (i + 1) + ": expected the columns " + HEADER, e);
            }
        }
        return log;
    }

    /** The validation ratios so far, in order; NaN for rows without a validation. */
    public List<Double> ratios() {
        return rows.stream().map(TrainingLog::ratio).toList();
    }

    private static double ratio(String row) {
        String cell = row.split(",", -1)[RATIO];
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    /** Adds a row. {@code score} is null for a run without validation. */
    public void add(long step, long windows, double loss, double learningRate, double rate, Validation.Score score)
            throws CommandException {
        String validation = score == null ? "," : String.format(Locale.ROOT, "%.5f,%.5f", score.mse(), score.ratio());
        rows.add(String.format(Locale.ROOT, "%d,%d,%.5f,%.3e,%.0f,%s", step, windows, loss, learningRate, rate,
                validation));
        OutputFile.write(csv(), out -> {
            out.write(HEADER + "\n");
            for (String row : rows) out.write(row + "\n");
        });
        String plot = LossPlot.of("Pre-training", rows.stream().map(TrainingLog::point).toList());
        OutputFile.write(folder.resolve("loss.svg"), out -> out.write(plot));
    }

    private static LossPlot.Point point(String row) {
        String[] cells = row.split(",", -1);
        double validation = cells[VALIDATION].isEmpty() ? Double.NaN : Double.parseDouble(cells[VALIDATION]);
        return new LossPlot.Point(Long.parseLong(cells[0]), Double.parseDouble(cells[LOSS]), validation);
    }
}
