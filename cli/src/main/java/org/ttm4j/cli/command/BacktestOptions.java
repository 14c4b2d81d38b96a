package org.ttm4j.cli.command;

import java.util.List;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.forecast.rolling.QuantileGrid;

/** The options of {@link BacktestCommand} that say what is asked of the backtest. */
final class BacktestOptions {
    static final List<Option> OPTIONS = List.of(
            new Option("--horizon", "N", "steps to forecast (default: as many as ttm forecast)"),
            new Option("--stride", "N", "rows between origins (default: 200 origins at most)"),
            new Option("--start", "N|SHARE", "rows before the first origin, or their share (default: the context)"),
            new Option("--window", "NAME", "rows that are used: sliding or expanding (default: sliding)"),
            new Option("--levels", "A,B", "levels of the intervals to measure (default: 0.8,0.9)"),
            new Option("--refit", "N", "fine-tune at the first origin and every N rows (default: never)"));

    private BacktestOptions() {}

    static BacktestSettings of(Arguments arguments) throws UsageException {
        return new BacktestSettings(arguments.integer("--horizon", 0, 1, BacktestSettings.LONGEST_HORIZON),
                arguments.integer("--stride", 0, 1, BacktestSettings.MOST_ROWS), start(arguments.text("--start")),
                arguments.text("--window") == null
                        ? BacktestPlan.Window.SLIDING
                        : arguments.choice("--window", BacktestPlan.Window.class),
                grid(arguments.list("--levels")), arguments.integer("--refit", 0, 1, BacktestSettings.MOST_ROWS),
                SeriesOptions.season(arguments));
    }

    private static double start(String text) throws UsageException {
        try {
            return BacktestSettings.start(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--start: " + e.getMessage());
        }
    }

    private static QuantileGrid grid(List<String> levels) throws UsageException {
        try {
            return BacktestSettings.grid(levels);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--levels: " + e.getMessage());
        }
    }
}
