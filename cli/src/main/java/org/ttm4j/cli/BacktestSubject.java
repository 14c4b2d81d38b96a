package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.backtest.Refit;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.TtmModel;

/**
 * What a backtest is about.
 *
 * @param series with the channels in the order of the model's inputs
 * @param categories the static categories of the series; null without
 * @param forecaster of the model that it begins with
 * @param refit makes the models that forecast
 * @param model its name
 */
record BacktestSubject(TimeSeries series, int[] categories, Forecaster forecaster, Refit refit, String model) {

    /** The series of a file and the model of a command line as it is. */
    static BacktestSubject ofOneModel(Arguments arguments, Path file, Console console)
            throws UsageException, CommandException, IOException {
        ColumnRoles roles = ColumnRoles.of(arguments);
        Forecaster forecaster = Models.forecaster(arguments, console);
        ModelColumns columns = ModelColumns.of(forecaster, roles, console);
        CsvFile csv = columns.read(file, options(arguments));
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        int[] categories = columns.codes(columns.categories(file, null), null);
        String name = arguments.text(Option.MODEL.name());
        return new BacktestSubject(csv.series().get(0), categories, forecaster, rows -> forecaster,
                name == null ? Models.BUNDLED : name);
    }

    /**
     * The series of a file and the model of a command line fine-tuned on it.
     *
     * @param horizon steps to forecast; 0 for the model's own
     */
    static BacktestSubject ofRefits(Arguments arguments, Path file, int horizon, Console console)
            throws UsageException, CommandException, IOException {
        ColumnRoles roles = ColumnRoles.of(arguments);
        String name = arguments.text(Option.MODEL.name());
        TtmModel base = TtmModel.of(Models.checkpoint(name, console));
        FinetuneSeries series = FinetuneSeries.read(file, options(arguments), roles, false, console);
        return new BacktestSubject(series.series().get(0), null, Forecaster.of(base),
                new FineTuningRefit(base, series, horizon, console),
                Models.isBundled(name) ? BundledModels.names().get(0) : name);
    }

    private static CsvOptions options(Arguments arguments) throws UsageException {
        return new CsvOptions(arguments.text("--time"), List.of(), null);
    }
}
