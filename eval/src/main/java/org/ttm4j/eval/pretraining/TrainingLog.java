package org.ttm4j.eval.pretraining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.ttm4j.data.series.DataException;
import org.ttm4j.ttm.io.AtomicFile;

/**
 * The log of a pre-training run, {@code log.csv}, with a row for each validation. The whole file is rewritten each
 * time, so that a resumed run does not repeat rows. Not thread-safe.
 */
public final class TrainingLog {
    /** The name of the file in the folder of a run. */
    static final String FILE = "log.csv";

    private static final String HEADER = "step,windows,loss,learning_rate,windows_per_second,validation_mse,validation_ratio";

    private final Path file;
    private final List<Row> rows = new ArrayList<>();

    /**
     * A row of the log.
     *
     * @param step the number of steps so far
     * @param windows the number of training windows so far
     * @param loss the mean training loss since the previous row
     * @param mse the validation error; NaN in a run without validation
     * @param ratio the validation error divided by that of simple forecasts; NaN in a run without validation
     */
    public record Row(long step, long windows, double loss, double learningRate, double windowsPerSecond, double mse,
            double ratio) {

        private static Row parse(String line) {
            String[] cells = line.split(",", -1);
            return new Row(Long.parseLong(cells[0]), Long.parseLong(cells[1]), Double.parseDouble(cells[2]),
                    Double.parseDouble(cells[3]), Double.parseDouble(cells[4]), optional(cells[5]), optional(cells[6]));
        }

        private static double optional(String cell) {
            return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
        }

        private String line() {
            String validation = Double.isNaN(mse) ? "," : String.format(Locale.ROOT, "%.5f,%.5f", mse, ratio);
            return String.format(Locale.ROOT, "%d,%d,%.5f,%.3e,%.0f,%s\n", step, windows, loss, learningRate,
                    windowsPerSecond, validation);
        }
    }

    /**
     * Reads the log in the folder of a run, up to {@code step}, from which the run continues.
     *
     * @throws DataException when a line is not a row of a log; the message names the line
     */
    TrainingLog(Path folder, long step) throws IOException {
        file = folder.resolve(FILE);
        List<String> lines = lines(file);
        for (int i = 1; i < lines.size(); i++) {
            try {
                Row row = Row.parse(lines.get(i));
                if (row.step <= step) rows.add(row);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new DataException(file.toString(), i + 1L, null, "expected the columns " + HEADER, e);
            }
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw DataException.unreadable(file.toString(), 0, e);
        }
    }

    /** The rows so far, in order. */
    public List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    void add(Row row) throws IOException {
        rows.add(row);
        StringBuilder text = new StringBuilder(HEADER + "\n");
        for (Row one : rows) text.append(one.line());
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
