package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.Categories;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.grid.RepairReport;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The values of the exogenous channels after the end of the history: of the file of {@code --future}, and holidays.
 *
 * @param name of the file; null without
 * @param file null where holidays are all that is known
 * @param known the channels
 * @param categories null where all are numbers
 * @param beyond steps after the horizon for which there are holidays, as the last pass of a model is a whole one
 */
public record KnownFuture(String name, CsvFile file, List<String> known, Categories categories, int beyond) {
    /**
     * Reads the file. The columns have the same names as in the history.
     *
     * @param name the name of the file; null when none was given
     * @return null when none was given and the model needs none
     * @throws CommandException when the model cannot use a known future, when it needs one, or when the columns do not
     *     match
     */
    public static KnownFuture read(String name, CsvFile history, CsvOptions options, TtmConfig config, Console console)
            throws IOException {
        if (!config.usesExogenous()) {
            if (name == null) return null;
            throw new CommandException("--future: this model has no exogenous channels, so that it cannot use known "
                    + "values of the future; leave the option out or choose another --model");
        }
        List<String> channels = history.series().get(0).channels();
        int needed = config.leastChannels();
        if (config.mixesChannels() ? channels.size() != needed : channels.size() < needed) {
            throw new CommandException("this model needs " + (config.mixesChannels() ? "exactly " : "at least ")
                    + needed + " channels, found " + channels.size()
                    + "; name them in the order of the model with --target, or name their roles");
        }
        List<String> exogenous = IntStream.of(config.exogenousChannels()).mapToObj(channels::get).toList();
        return read(name, history, options, exogenous, console, config.outputLength());
    }

    /**
     * Reads the named columns of the file, which correct a combination.
     *
     * @param name of the file; null when none was given
     * @param beyond steps of holidays after the horizon
     * @throws CommandException when there is no file and other columns than holidays are known
     */
    public static KnownFuture read(String name, CsvFile history, CsvOptions options, List<String> known,
            Console console, int beyond) throws IOException {
        List<String> inFile = Holidays.others(known);
        if (inFile.isEmpty()) return new KnownFuture(name, null, known, options.categories(), beyond);
        if (name == null) {
            TimeSeries first = history.series().get(0);
            throw new CommandException("the forecast needs the known future of "
                    + inFile.stream().map(Printable::shortened).collect(Collectors.joining(", ")) + " from "
                    + first.axis().labelAt(first.length()) + " on: give it with --future FILE.csv");
        }
        CsvOptions columns = options.withTargets(inFile);
        String time = history.layout().time();
        // The history decides, because one row does not show whether several columns make a time.
        if (options.time() == null && !history.layout().joints().isEmpty()) columns = columns.withTime(time);
        Categories categories = options.categories();
        Map<String, Integer> before = new LinkedHashMap<>();
        for (String column : inFile) before.put(column, categories == null ? 0 : categories.texts(column).size());
        CsvFile file = CsvReader.readFuture(console.path(name), columns, history.series());
        file.report().lines().forEach(line -> console.say(Printable.shortened(name) + ", repaired: " + line));
        file.rejected().forEach(rejected -> console.say("ttm: " + rejected.getMessage()));
        before.forEach((column, count) -> {
            List<String> texts = categories == null ? List.of() : categories.texts(column);
            if (texts.size() == count) return;
            console.say("note: " + Printable.shortened(name) + ": the history never has "
                    + ModelColumns.listed(texts.subList(count, texts.size())) + " in column "
                    + Printable.shortened(column)
                    + ", so that its effect is unknown; it gets the mean effect of the others");
        });
        return new KnownFuture(name, file, known, categories, beyond);
    }

    /**
     * The known values of all steps after the end of a series up to the first gap. They can reach beyond the horizon,
     * because a forecast in several passes uses more.
     *
     * @param horizon steps that must be known; 0 for all steps up to the last complete one, with gaps before it
     * @return exogenous channels × at least the horizon
     * @throws CommandException when a value of the horizon is missing; the message names the first time and the channel
     */
    public double[][] of(TimeSeries history, int horizon) throws CommandException {
        TimeSeries future = file == null ? null : future(history, horizon);
        int steps = future == null ? horizon + beyond : future.length();
        double[][] values = new double[known.size()][];
        int row = 0;
        for (int i = 0; i < values.length; i++) {
            String column = known.get(i);
            values[i] = Holidays.named(column).isEmpty()
                    ? future.doubleChannel(row++)
                    : CommandException.read(ColumnRoles.HOLIDAYS.name(),
                            () -> Holidays.after(history, history.length(), steps, column, categories != null));
        }
        return values;
    }

    /** The rows of {@link #of} whose values stand for kinds of holiday or for texts. */
    public int[] categorical(TimeSeries history) {
        return categories == null ? new int[0] : categories.among(known, history.axis());
    }

    /** The future in the file up to the first gap or, if the horizon is 0, up to the last complete step. */
    private TimeSeries future(TimeSeries history, int horizon) throws CommandException {
        TimeSeries future = find(history.id());
        if (horizon == 0) return future.slice(0, future.untilWhole());
        int known = future.untilGap();
        if (known < horizon) {
            int channel = IntStream.range(0, known < future.length() ? future.channels().size() : 0)
                    .filter(c -> Double.isNaN(future.doubleChannel(c)[known]))
                    .findFirst()
                    .orElse(0);
            boolean isPart = file.report().count(RepairReport.Kind.STEPS_INCOMPLETE) > 0;
            throw new CommandException(name + (history.id() == null ? "" : ", series " + Printable.quoted(history.id()))
                    + ": " + Printable.quoted(future.channels().get(channel)) + " has no value at "
                    + future.axis().labelAt(known) + ", step " + (known + 1) + " of " + horizon + " to forecast"
                    + (isPart ? "; a sum needs all rows of its step, also those that the history has" : ""));
        }
        return future.slice(0, known);
    }

    private TimeSeries find(String id) throws CommandException {
        for (TimeSeries series : file.series()) {
            if (id == null || id.equals(series.id())) return series;
        }
        throw new CommandException(name + ": expected rows of series " + Printable.quoted(id) + ", found none");
    }
}
