package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ForecastDetails;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.eval.table.TotalsTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Total;

/**
 * What a command line asks for beside the median of each step: means, sample paths, and totals from these.
 *
 * @param mean whether there is a column of means in any case
 * @param samples where paths are written to; null for nowhere
 * @param period of totals; null for none
 */
record ForecastSums(boolean mean, Path samples, Total.Period period) {
    static final Option MEAN = Option.flag("--mean",
            "a column of means, NAME.mean (default: where their total differs by a tenth)");
    static final Option SAMPLES = new Option("--samples", "F.csv", "write 1000 sample paths there");
    static final Option TOTAL = new Option("--total", "PERIOD",
            "a table of totals by week, month or horizon instead of one of steps");
    static final List<Option> OPTIONS = List.of(MEAN, SAMPLES, TOTAL);

    private static final int PATHS = 1000;
    /** How far the totals of means and medians are apart, as a share of their size, for a column of means by itself. */
    private static final double APART = 0.1;

    static ForecastSums of(Arguments arguments, Forecaster forecaster, ForecastOutputs outputs) throws UsageException {
        for (Option option : OPTIONS) ModeOption.requireCombined(forecaster, option, arguments);
        boolean total = arguments.flag(TOTAL.name());
        if (total && (outputs.isWorkbook() || OutputFile.ends(outputs.table(), ".jsonl"))) {
            throw new UsageException(TOTAL.name() + ": expected a CSV by --out, found "
                    + (outputs.isWorkbook() ? "a workbook" : "JSON lines"));
        }
        if (total && outputs.into() != null) {
            throw new UsageException(
                    TOTAL.name() + ": expected a file or standard output, not " + ForecastOutputs.INTO.name());
        }
        return new ForecastSums(arguments.flag(MEAN.name()), outputs.samples(),
                arguments.choice(TOTAL.name(), null, Total.Period.class));
    }

    /** The paths of each channel; 0 where none are wanted. */
    int paths() {
        return samples == null && period == null ? 0 : PATHS;
    }

    ForecastRequest wanted(ForecastRequest request) {
        return paths() == 0 ? request : request.withSamples(paths());
    }

    /**
     * The table of steps, with means where they are wanted or worth it, which is then said.
     *
     * @param written whether it goes to a file or standard output; a table of a database has means where they are wanted
     */
    ForecastTable steps(CsvFile csv, List<Forecast> forecasts, int digits, boolean written, Console console) {
        boolean apart = forecasts.stream().anyMatch(ForecastSums::isApart);
        if (apart && period == null && !mean) {
            console.say("note: " + (written ? "columns .mean: " : "")
                    + "the totals of mean and median differ by a tenth or more, as they do where values are skewed; "
                    + (written ? "add up means, or see " + TOTAL.name() : "add " + MEAN.name() + " and add up means"));
        }
        return new ForecastTable(csv, forecasts, digits, mean || apart);
    }

    /** Writes the totals in place of the steps; false where none are wanted. */
    boolean writeTotals(CsvFile csv, List<Forecast> forecasts, double[] levels, int digits, Appendable out)
            throws IOException {
        if (period == null) return false;
        try {
            new TotalsTable(csv, forecasts, period, levels, digits).writeTo(out);
            return true;
        } catch (IllegalArgumentException noTotals) {
            throw new CommandException(TOTAL.name() + ": " + noTotals.getMessage(), noTotals);
        }
    }

    void writeSamples(CsvFile csv, List<Forecast> forecasts, int digits, Console console) throws IOException {
        if (samples == null) return;
        OutputFile.write(samples, new ForecastDetails(csv, forecasts, digits)::writeSamples);
        console.say(String.format(Locale.ROOT, "samples: %s (%,d paths a series)", samples, PATHS));
    }

    private static boolean isApart(Forecast forecast) {
        double[][] means = forecast.mean().orElse(new double[0][]);
        for (int row = 0; row < means.length; row++) {
            double apart = 0;
            double size = 0;
            for (int h = 0; h < means[row].length; h++) {
                apart += means[row][h] - forecast.value(row, h);
                size += (Math.abs(means[row][h]) + Math.abs(forecast.value(row, h))) / 2;
            }
            if (Math.abs(apart) > APART * size) return true;
        }
        return false;
    }
}
