package org.ttm4j.eval.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds copies of some series in others by the correlation of their first differences, which share no level, season or
 * trend by chance as the values themselves do. Rounding to 1/400 of the spread leaves it above .9 unless a series hardly moves.
 */
final class CopyFinder {
    static final double COPY = 0.9;

    private static final int LENGTH = 192;
    private static final int MOST_WINDOWS = 24;
    /** A window needs so many changes that stand out of the rounding. */
    private static final int LEAST_CHANGES = 40;

    private record Window(long resolution, float[] changes) {}

    private final List<Window> windows = new ArrayList<>();

    int count() {
        return windows.size();
    }

    /** Adds windows of every numeric column of a CSV. */
    void add(Path csv, long resolution) throws IOException {
        List<String[]> rows = Files.readAllLines(csv).stream().map(line -> line.split(",")).toList();
        for (int column = 1; column < rows.get(0).length; column++) {
            float[] values = new float[rows.size() - 1];
            for (int t = 0; t < values.length; t++) values[t] = number(rows.get(t + 1), column);
            for (int i = 0; i < MOST_WINDOWS; i++) {
                float[] changes = changes(values, (int) ((long) i * (values.length - LENGTH - 1) / MOST_WINDOWS));
                if (changes != null) windows.add(new Window(resolution, changes));
            }
        }
    }

    private static float number(String[] row, int column) {
        try {
            return Float.parseFloat(row[column]);
        } catch (NumberFormatException notANumber) {
            return Float.NaN;
        }
    }

    /** Changes of mean 0 and norm 1; null where values are missing or hardly vary. */
    private static float[] changes(float[] values, int start) {
        float[] changes = new float[LENGTH];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < LENGTH; t++) {
            changes[t] = values[start + t + 1] - values[start + t];
            if (Float.isNaN(changes[t])) return null;
            low = Math.min(low, values[start + t]);
            high = Math.max(high, values[start + t]);
        }
        int large = 0;
        for (float change : changes) if (Math.abs(change) > (high - low) / 100) large++;
        if (large < LEAST_CHANGES) return null;
        double sum = 0;
        for (float change : changes) sum += change;
        double squares = 0;
        for (int t = 0; t < LENGTH; t++) {
            changes[t] -= (float) (sum / LENGTH);
            squares += changes[t] * changes[t];
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int t = 0; t < LENGTH; t++) changes[t] *= scale;
        return changes;
    }

    /** The greatest correlation of a window of this resolution with a stretch of a series; 0 without one. */
    double greatest(float[] series, long resolution) {
        List<Window> same = windows.stream().filter(window -> window.resolution == resolution).toList();
        float[] changes = new float[Math.max(0, series.length - 1)];
        for (int t = 0; t < changes.length; t++) {
            float change = series[t + 1] - series[t];
            changes[t] = Float.isNaN(change) ? 0 : change;
        }
        double greatest = 0;
        for (int start = 0; !same.isEmpty() && start + LENGTH <= changes.length; start++) {
            float sum = 0;
            float squares = 0;
            for (int t = 0; t < LENGTH; t++) {
                float change = changes[start + t];
                sum += change;
                squares += change * change;
            }
            double norm = Math.sqrt(Math.max(squares - sum * sum / LENGTH, 1e-9));
            for (Window window : same) {
                greatest = Math.max(greatest, Math.abs(dot(window.changes, changes, start)) / norm);
            }
        }
        return greatest;
    }

    private static float dot(float[] a, float[] b, int start) {
        float[] sums = new float[4];
        for (int t = 0; t < LENGTH; t += 4) {
            for (int lane = 0; lane < 4; lane++) sums[lane] += a[t + lane] * b[start + t + lane];
        }
        return sums[0] + sums[1] + sums[2] + sums[3];
    }
}
