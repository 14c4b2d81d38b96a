package org.ttm4j.forecast;

import java.time.Duration;
import java.util.List;

/**
 * The rule by which {@link Forecaster#bundled()} picks one of the bundled models for each request: of a table, longest context
 * first, the first model whose row asks for no more history than there is; the last takes any. A long context shows more
 * seasons and reaches further in one pass, but one that is mostly padding tells the model less than a short context that
 * is full. Some padding costs less than looking at a fraction of the history. Rows ask for more where a step is a
 * day or longer: there padding costs more. The longest context is for steps known to be shorter than a day.
 *
 * <p>The lengths are where the errors cross on data sets that are held out from training; docs/measurements/models.md has them.
 * Steps of history count from the first that is observed in any channel. Stateless.
 */
final class ModelTable {
    /** A row's length that no history has. */
    static final int NEVER = Integer.MAX_VALUE;

    private static final Duration DAY = Duration.ofDays(1);

    /** The rows of the models that ship, by their names. */
    static final List<Row> BUNDLED = List.of(new Row("1536-96", 1536, NEVER, NEVER), new Row("512-96", 160, 288, 160),
            new Row("96-24", 96, 96, 96));

    /**
     * A model and when it is picked.
     *
     * @param name of the model
     * @param history steps of history that it asks for where a step is shorter than a day
     * @param dailyHistory the same where a step is a day or longer
     * @param unknownHistory the same where the frequency is unknown
     */
    record Row(String name, int history, int dailyHistory, int unknownHistory) {
        private int history(Duration frequency) {
            if (frequency == null) return unknownHistory;
            return isDaily(frequency) ? dailyHistory : history;
        }
    }

    private static boolean isDaily(Duration frequency) {
        return frequency != null && frequency.compareTo(DAY) >= 0;
    }

    private ModelTable() {}

    /**
     * The index of the model for a request.
     *
     * @param steps of history
     * @param frequency between two steps; null when unknown
     */
    static int choose(List<Row> table, int steps, Duration frequency) {
        int row = 0;
        while (row < table.size() - 1 && steps < table.get(row).history(frequency)) row++;
        return row;
    }

    /** Why {@link #choose} returned {@code chosen}. */
    static String reason(List<Row> table, int chosen, int steps, Duration frequency) {
        if (chosen != choose(table, steps, null)) {
            return isDaily(frequency)
                    ? "the best where a step is a day or longer"
                    : "the best for a long history of short steps";
        }
        if (steps < table.get(chosen).history) return "the shortest context; the history does not fill it";
        return "the best for a history of this length";
    }
}
