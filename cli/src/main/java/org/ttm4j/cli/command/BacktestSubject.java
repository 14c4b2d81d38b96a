package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.FinetuneSeries;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.Categories;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.Backtest;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;

/**
 * What a backtest is about: one series.
 *
 * @param series with the channels in the order of the model's inputs
 * @param drivers how many of the last channels a combination knows the future of
 * @param categorical those among them, from 0 on, whose values are codes of categories
 * @param categories the static categories of the series; empty without
 * @param forecaster of the model that it begins with
 * @param refit makes the models that forecast
 * @param model its name
 */
record BacktestSubject(TimeSeries series, int drivers, int[] categorical, int[] categories, Forecaster forecaster,
        Backtest.Refit refit, String model) {

    /**
     * The series of a file and the model of a command line as it is.
     *
     * @param problems takes what is wrong with single series, which are left out
     */
    static List<BacktestSubject> ofOneModel(Arguments arguments, Input input, List<String> problems, Console console)
            throws IOException {
        ColumnRoles roles = ColumnRoles.of(arguments);
        ForecastMode mode = Models.mode(arguments, ForecastMode.BALANCED);
        Forecaster forecaster = mode.around(Models.forecaster(arguments, console));
        boolean combined = forecaster.info().combines();
        ModelColumns columns = combined
                ? ModelColumns.withDrivers(roles, console)
                : ModelColumns.of(forecaster, roles, console);
        if (!combined && forecaster.info().canCombine() && !roles.of(Role.KNOWN_FUTURE).isEmpty()) {
            console.say("note: " + Models.MODE.name() + " " + ForecastMode.BALANCED + " can use "
                    + ColumnRoles.option(Role.KNOWN_FUTURE));
        }
        Categories known = new Categories(combined ? roles.of(Role.KNOWN_FUTURE) : List.of());
        CsvFile csv = columns.read(input,
                combined && columns.drivers() > 0 ? input.options().withCategories(known) : input.options(), console);
        csv = columns.history(csv, forecaster.info().longestModel().config(), false, true, console);
        csv.rejected().forEach(rejected -> problems.add(rejected.getMessage()));
        String model = arguments.text(Option.MODEL.name());
        String called = (model == null ? Models.BUNDLED : model) + (combined ? ", combined (" + mode + ")" : "");
        List<BacktestSubject> subjects = new ArrayList<>();
        for (TimeSeries series : csv.series()) {
            try {
                subjects.add(new BacktestSubject(series, columns.drivers(),
                        known.among(series.channels()
                                .subList(series.channels().size() - columns.drivers(), series.channels().size()),
                                series.axis()),
                        columns.codes(csv, series), forecaster, rows -> forecaster, called));
            } catch (IllegalArgumentException e) {
                problems.add(SeriesOptions.problem(input.name(), series.id(), e.getMessage()));
            }
        }
        return subjects;
    }

    /**
     * The series of a file and the model of a command line fine-tuned on each of them.
     *
     * @param horizon steps to forecast; 0 for the model's own
     * @param problems as above
     */
    static List<BacktestSubject> ofRefits(Arguments arguments, Input input, int horizon, List<String> problems,
            Console console) throws IOException {
        ColumnRoles roles = ColumnRoles.of(arguments);
        if (Models.mode(arguments, ForecastMode.FAST) != ForecastMode.FAST) {
            throw new UsageException(Models.MODE.name() + ": a model that --refit fine-tunes is not combined");
        }
        String name = arguments.text(Option.MODEL.name());
        TtmModel base = TtmModel.of(Models.checkpoint(name, console));
        String model = Models.isBundled(name) ? BundledModels.DEFAULT : name;
        FineTuningSeries all = FinetuneSeries.read(input, roles, false, problems::addAll, console);
        List<String> targets = all.roles().of(Role.TARGET).stream().map(Channel::name).toList();
        return all.each()
                .stream()
                .map(series -> new BacktestSubject(series.series().get(0).upToLast(targets), 0, new int[0], new int[0],
                        Forecaster.of(base).fast(), new FineTuningRefit(base, series, horizon, console), model))
                .toList();
    }

    /**
     * Fine-tunes a pre-trained model on the rows before an origin, as {@link FinetuneCommand} does by default: the first four
     * fifths train, the rest validates. Each fit begins with the pre-trained weights.
     *
     * @param base the pre-trained model, which is not changed
     * @param horizon steps to forecast, as many as the model makes at most; 0 for the model's own
     */
    private record FineTuningRefit(TtmModel base, FineTuningSeries series, int horizon,
            Console console) implements Backtest.Refit {
        private static final double TRAINING_SHARE = 0.8;

        @Override
        public Forecaster fit(Rows rows) throws InterruptedException {
            int context = base.config().contextLength();
            int most = base.config().outputLength();
            int steps = horizon == 0 ? most : Math.min(horizon, most);
            int training = (int) (TRAINING_SHARE * rows.length());
            if (training < context + steps || rows.length() - training < steps) {
                throw new IllegalArgumentException("--refit: " + rows.length()
                        + " rows are too few to fine-tune on: four " + "fifths of them have to hold " + context + " + "
                        + steps + " rows, and the rest " + steps + "; choose a later --start or a shorter --horizon");
            }
            int end = rows.from() + training;
            Split split = new Split(new Rows(rows.from(), end), new Rows(end - context, rows.to()),
                    new Rows(rows.to(), rows.to()));
            FineTuningData data = series.data((length, least, asked) -> split, 1, context, steps, console::say);
            if (data.channels().inputs().size() < series.roles().inputs().size()) {
                throw new IllegalArgumentException(
                        "--refit: all models of a backtest have the same columns; leave what is "
                                + "left out here out of --known-future");
            }
            FineTuned tuned;
            try {
                FineTuningOptions options = FineTuningOptions.defaults().withHorizon(steps == most ? 0 : steps);
                tuned = FineTuning.run(base, data, options, (epoch, best) -> {});
            } catch (TrainingDivergedException e) {
                throw new IllegalArgumentException("--refit: " + e.getMessage(), e);
            }
            TimeAxis axis = series.series().get(0).axis();
            console.say(String.format(Locale.ROOT, "fine-tuned on %s to %s: validation loss %.4f, before %.4f",
                    axis.labelAt(rows.from()), axis.labelAt(rows.to() - 1L), tuned.validationLoss(),
                    tuned.epochs().get(0).validationLoss()));
            return Forecaster.of(tuned.model(), tuned.channels());
        }
    }
}
