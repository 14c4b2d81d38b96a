package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.Categories;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

/**
 * The columns of a CSV that a model reads, in the order of the model: those of {@code channels.json} in the folder of
 * the model, else those that the command line names. Immutable.
 *
 * @param roles as the command line has them
 * @param inputs the columns of the input channels of the model; empty for all targets of the file
 * @param categories static, which the model was fine-tuned with
 * @param known columns after the targets: those that a combination corrects its forecasts by, or that a model is tuned with
 */
public record ModelColumns(ColumnRoles roles, List<String> inputs, List<Channel> categories, List<String> known) {

    /** The options to read the file by, which make numbers of the texts in columns that correct a combination. */
    public CsvOptions withCategories(CsvOptions options) {
        return known.isEmpty() ? options : options.withCategories(new Categories(known));
    }

    /** The drivers of a series that was read by {@link #withCategories these options}, from 0 on, whose values are codes. */
    public int[] categorical(TimeSeries series, CsvOptions options) {
        if (known.isEmpty()) return new int[0];
        List<String> channels = series.channels();
        return options.categories()
                .among(channels.subList(channels.size() - known.size(), channels.size()), series.axis());
    }

    /**
     * Matches the roles of a command line with a forecaster. A combination reads the targets, followed by its drivers, which are
     * the columns whose future is known. Columns that cannot be used get a note on the console.
     *
     * @throws CommandException when the roles contradict the model
     */
    public static ModelColumns of(Forecaster forecaster, ColumnRoles roles, Console console) throws CommandException {
        if (forecaster.info().combines()) return withDrivers(roles, console);
        Optional<Channels> known = forecaster.info().channels();
        if (known.isPresent()) return fineTuned(known.get(), roles, console);
        TtmConfig config = forecaster.info().longestModel().config();
        if (!config.mixesChannels()) {
            for (Role role : List.of(Role.KNOWN_FUTURE, Role.PAST_ONLY, Role.STATIC_CATEGORY)) {
                useless(role, roles.of(role), console);
            }
            return new ModelColumns(roles, roles.of(Role.TARGET), List.of(), List.of());
        }
        useless(Role.STATIC_CATEGORY, roles.of(Role.STATIC_CATEGORY), console);
        boolean inOrder = roles.of(Role.KNOWN_FUTURE).isEmpty() && roles.of(Role.PAST_ONLY).isEmpty();
        return new ModelColumns(roles, inOrder ? roles.of(Role.TARGET) : placed(config, roles), List.of(), List.of());
    }

    private static ModelColumns withDrivers(ColumnRoles roles, Console console) {
        for (Role role : List.of(Role.PAST_ONLY, Role.STATIC_CATEGORY)) useless(role, roles.of(role), console);
        List<String> inputs = new ArrayList<>(roles.of(Role.TARGET));
        if (!inputs.isEmpty()) inputs.addAll(roles.of(Role.KNOWN_FUTURE));
        return new ModelColumns(roles, inputs, List.of(), roles.of(Role.KNOWN_FUTURE));
    }

    private static void useless(Role role, List<String> columns, Console console) {
        if (columns.isEmpty()) return;
        console.say("note: this model cannot use " + listed(columns) + " (" + ColumnRoles.option(role)
                + "): it was not fine-tuned with " + (columns.size() == 1 ? "it" : "them"));
    }

    private static ModelColumns fineTuned(Channels channels, ColumnRoles roles, Console console)
            throws CommandException {
        Map<String, Role> known = new HashMap<>();
        for (Channel channel : channels.all()) known.put(channel.name(), channel.role());
        List<String> targets = names(channels.of(Role.TARGET));
        List<String> named = roles.of(Role.TARGET);
        if (!named.isEmpty() && !new HashSet<>(named).equals(new HashSet<>(targets))) {
            throw new CommandException("--target: the model forecasts " + listed(targets) + ", not " + listed(named));
        }
        for (Role role : Role.values()) {
            List<String> useless = new ArrayList<>();
            for (String column : roles.of(role)) {
                Role modelRole = known.getOrDefault(column, Role.IGNORED);
                if (modelRole == role) continue;
                if (modelRole != Role.IGNORED) {
                    throw new CommandException(ColumnRoles.option(role) + ": the model was fine-tuned with "
                            + Printable.quoted(column) + " in " + ColumnRoles.option(modelRole));
                }
                useless.add(column);
            }
            useless(role, useless, console);
        }
        return new ModelColumns(roles, names(channels.inputs()), channels.categories(), List.of());
    }

    /** Puts the columns where the configuration has channels of the same role. */
    private static List<String> placed(TtmConfig config, ColumnRoles roles) throws CommandException {
        int count = config.numInputChannels();
        Role[] places = new Role[count];
        for (int channel : config.predictionChannels(count)) places[channel] = Role.TARGET;
        for (int channel : config.exogenousChannels()) places[channel] = Role.KNOWN_FUTURE;
        Map<Role, List<String>> left = new HashMap<>();
        List<String> placed = new ArrayList<>();
        for (Role place : places) {
            Role role = place == null ? Role.PAST_ONLY : place;
            List<String> columns = left.computeIfAbsent(role, key -> new ArrayList<>(roles.of(key)));
            if (columns.isEmpty()) {
                throw new CommandException("the model needs more columns in " + ColumnRoles.option(role));
            }
            placed.add(columns.remove(0));
        }
        for (Role role : List.of(Role.TARGET, Role.KNOWN_FUTURE, Role.PAST_ONLY)) {
            List<String> surplus = left.getOrDefault(role, roles.of(role));
            if (!surplus.isEmpty()) {
                throw new CommandException(
                        ColumnRoles.option(role) + ": the model has no channel for " + listed(surplus));
            }
        }
        return placed;
    }

    /**
     * Reads the input channels of the model, and its static categories. The console says what was repaired.
     *
     * @param options the time and id columns, and the static columns where the model knows none yet
     * @throws IOException also when the table lacks a column; the message names it
     */
    public CsvFile read(Input input, CsvOptions options, Console console) throws IOException {
        List<String> wanted = Stream.concat(inputs.stream(), known.stream()).distinct().toList();
        List<String> texts = categories.isEmpty() ? options.staticColumns() : names(categories);
        CsvFile csv = input.read(options.withTargets(inputs).withStaticColumns(texts), wanted);
        roles.require(input, csv, console);
        List<String> numeric = csv.series().get(0).channels();
        for (String column : known) {
            if (!numeric.contains(column)) {
                throw new CommandException(input.name() + ": " + ColumnRoles.option(roles.named().get(column))
                        + ": no column of numbers " + Printable.quoted(column));
            }
        }
        List<String> targets = roles.targets(numeric);
        boolean selects = inputs.isEmpty() && !targets.equals(numeric);
        if (selects && targets.isEmpty()) {
            throw new CommandException(
                    input.name() + ": expected a column of numbers to forecast, found none without another role");
        }
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        if (!selects) return csv;
        List<String> columns = Stream.concat(targets.stream(), known.stream()).toList();
        return csv.withSeries(csv.series().stream().map(series -> series.select(columns)).toList());
    }

    /**
     * The table up to the last observed target. Later rows are the steps to forecast, and may hold known future values.
     *
     * @param continued true if another file holds the known future; the history then ends at the last row with any value
     * @param config says which columns the model forecasts
     * @param each true to end every series at its own last value, as for a backtest, or where the input holds the
     *     known future; otherwise all end together, and a note says where
     */
    public CsvFile history(CsvFile csv, TtmConfig config, boolean continued, boolean each, Console console) {
        List<String> channels = csv.series().get(0).channels();
        List<String> targets = continued
                ? channels
                : IntStream.of(config.predictionChannels(channels.size() - known.size()))
                        .filter(target -> target < channels.size())
                        .mapToObj(channels::get)
                        .toList();
        if (each) return csv.withSeries(csv.series().stream().map(one -> one.upToLast(targets)).toList());
        List<TimeSeries> shown = csv.withSeries(csv.series().stream().map(one -> one.select(targets)).toList())
                .withoutEmptyEnd()
                .series();
        List<TimeSeries> history = new ArrayList<>();
        boolean said = false;
        for (int i = 0; i < shown.size(); i++) {
            TimeSeries series = csv.series().get(i);
            int end = shown.get(i).length();
            int empty = series.length() - end;
            history.add(empty == 0 ? series : series.slice(0, end));
            if (said || empty == 0) continue;
            console.say("note: no value in the last " + (empty == 1 ? "step" : empty + " steps")
                    + ": the forecast begins there, at " + series.axis().labelAt(end));
            said = true;
        }
        return csv.withSeries(history);
    }

    /** The number of drivers: the last columns, whose future is known and which are not forecast. */
    public int drivers() {
        return known.size();
    }

    /**
     * The codes of the static categories of a series; empty when the model has none.
     *
     * @throws IllegalArgumentException when the model does not know a text; the message names it
     */
    public int[] codes(CsvFile csv, TimeSeries series) {
        return codes(categories, csv, series);
    }

    static int[] codes(List<Channel> categories, CsvFile csv, TimeSeries series) {
        int[] codes = new int[categories.size()];
        if (codes.length == 0) return codes;
        List<String> texts = csv.staticTexts(series);
        for (int i = 0; i < codes.length; i++) {
            if (texts.get(i) == null) {
                throw new IllegalArgumentException(
                        "static category " + categories.get(i).name() + ": all cells are empty; fill them in");
            }
            codes[i] = categories.get(i).code(texts.get(i));
        }
        return codes;
    }

    private static List<String> names(List<Channel> channels) {
        return channels.stream().map(Channel::name).toList();
    }

    public static String listed(List<String> names) {
        return names.stream().map(Printable::quoted).collect(Collectors.joining(", "));
    }
}
