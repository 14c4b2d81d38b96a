package org.ttm4j.cli.columns;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.StaticColumns;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.eval.protocol.SplitRule;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.FineTuningData;

/** The series of a CSV to fine-tune on, with the columns that a model can use. Immutable. */
public final class FinetuneSeries {
    private static final int MOST_NAMED = 5;

    private final CsvFile csv;
    private final StaticColumns texts;
    private final Channels roles;

    private FinetuneSeries(CsvFile csv, StaticColumns texts, Channels roles) {
        this.csv = csv;
        this.texts = texts;
        this.roles = roles;
    }

    /**
     * Reads a file. Columns that the model cannot use are left out, with a note on the console.
     *
     * @param options the time and id columns
     * @param mixes whether the model will mix channels
     * @throws CommandException when a column cannot have the role that an option gives it; the message names both
     */
    public static FinetuneSeries read(Path file, CsvOptions options, ColumnRoles roles, boolean mixes, Console console)
            throws CommandException, IOException {
        boolean named = !roles.of(Role.TARGET).isEmpty();
        CsvFile csv = HolidayColumns.read(file, options.withTargets(named ? roles.inputs() : List.of()),
                roles.of(Role.KNOWN_FUTURE));
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        List<String> numeric = csv.series().get(0).channels();
        Map<String, Role> used = new LinkedHashMap<>();
        for (String target : roles.targets(numeric)) used.put(target, Role.TARGET);
        if (used.isEmpty()) {
            throw new CommandException(
                    file + ": expected a column of numbers to forecast, found none without another role");
        }
        for (Role role : List.of(Role.KNOWN_FUTURE, Role.PAST_ONLY)) {
            for (String column : roles.of(role)) {
                if (!numeric.contains(column)) {
                    throw new CommandException(ColumnRoles.option(role) + ": no column of numbers "
                            + Printable.quoted(column) + " in " + file);
                }
                used.put(column, role);
            }
        }
        if (!mixes) {
            leaveOut(roles.of(Role.PAST_ONLY), Role.PAST_ONLY, used, console);
            leaveOut(roles.of(Role.STATIC_CATEGORY), Role.STATIC_CATEGORY, used, console);
        }
        List<String> categories = mixes ? roles.of(Role.STATIC_CATEGORY) : List.of();
        StaticColumns texts = categories.isEmpty() ? null : StaticColumns.read(file, csv.options(options), categories);
        List<TimeSeries> series = csv.series().stream().map(one -> one.select(List.copyOf(used.keySet()))).toList();
        CsvFile selected = csv.withSeries(series);
        return new FinetuneSeries(selected, texts, channels(selected, texts, categories, used, roles, console));
    }

    /** A list with one entry for each series. */
    public List<FinetuneSeries> each() {
        return csv.series()
                .stream()
                .map(one -> new FinetuneSeries(csv.withSeries(List.of(one)), texts, roles))
                .toList();
    }

    private static void leaveOut(List<String> columns, Role role, Map<String, Role> used, Console console) {
        for (String column : columns) {
            used.remove(column);
            console.say("note: " + Printable.quoted(column) + " (" + ColumnRoles.option(role)
                    + ") is left out: a model uses it only with --channel-mixing");
        }
    }

    private static Channels channels(CsvFile csv, StaticColumns texts, List<String> categories, Map<String, Role> used,
            ColumnRoles roles, Console console) {
        List<Channel> channels = new ArrayList<>();
        used.forEach((column, role) -> channels.add(Channel.of(column, role, 0, 1)));
        for (int i = 0; i < categories.size(); i++) {
            Set<String> vocabulary = new TreeSet<>();
            for (TimeSeries series : csv.series()) {
                String text = texts.of(series.id()).get(i);
                if (text == null) {
                    throw new IllegalArgumentException("static category " + categories.get(i) + ": all cells"
                            + (series.id() == null ? "" : " of series " + series.id())
                            + " are empty; fill them in, or leave the option out");
                }
                vocabulary.add(text);
            }
            if (vocabulary.size() == 1) {
                console.say(
                        "note: " + Printable.quoted(categories.get(i)) + " (" + ColumnRoles.option(Role.STATIC_CATEGORY)
                                + ") is the same for all series: a model can learn nothing from it");
            }
            channels.add(Channel.category(categories.get(i), List.copyOf(vocabulary)));
        }
        Set<String> ignored = new LinkedHashSet<>(roles.named().keySet());
        channels.forEach(channel -> ignored.remove(channel.name()));
        ignored.forEach(column -> channels.add(Channel.ignored(column)));
        return new Channels(channels);
    }

    /** The series, with the channels in the order of the inputs of the model. */
    public List<TimeSeries> series() {
        return csv.series();
    }

    /** The reasons for which other series of the file are not among these. */
    public List<DataException> rejected() {
        return csv.rejected();
    }

    /**
     * The rows to train and to validate on, standardised by all training rows. Series that are too short are left out,
     * which is said once on the console.
     *
     * @param fraction the share of the training windows to use, from the first on
     */
    public FineTuningData data(SplitRule rule, double fraction, int context, int horizon, Console console) {
        List<FineTuningData.Series> series = new ArrayList<>();
        List<double[][]> values = new ArrayList<>();
        List<Rows> training = new ArrayList<>();
        TemporalAmount frequency = null;
        List<String> tooShort = new ArrayList<>();
        IllegalArgumentException first = null;
        for (TimeSeries one : csv.series()) {
            try {
                Split split = rule.split(one.length(), context, horizon);
                series.add(new FineTuningData.Series(one.doubleValues(), codes(one), split.fewShot(fraction, context),
                        split.validation()));
                values.add(one.doubleValues());
                training.add(split.train());
                frequency = one.axis().frequency().toTemporalAmount().orElse(null);
            } catch (IllegalArgumentException e) {
                if (first == null) first = e;
                if (one.id() != null) tooShort.add(Printable.quoted(one.id()));
            }
        }
        if (series.isEmpty()) throw first;
        if (!tooShort.isEmpty()) console.say("ttm: " + leftOut(tooShort) + first.getMessage());
        FineTuningData data = new FineTuningData(FineTuningData.standardising(roles, values, training), series)
                .withFrequency(frequency);
        List<Channel> unfamiliar = data.unfamiliar();
        for (Channel channel : unfamiliar) {
            console.say("note: " + Printable.quoted(channel.name()) + " (" + ColumnRoles.option(Role.KNOWN_FUTURE)
                    + ") is left out: most of its validation values are beyond those of the training rows");
        }
        return unfamiliar.isEmpty() ? data : data.without(unfamiliar);
    }

    /** Series that are left out for the same reason, which follows, named once. */
    private static String leftOut(List<String> series) {
        if (series.size() == 1) return "series " + series.get(0) + " is left out: ";
        String named = String.join(", ", series.subList(0, Math.min(MOST_NAMED, series.size())));
        return series.size() + " series are left out (" + named + (series.size() > MOST_NAMED ? ", …" : "") + "): ";
    }

    /** How many series can be split so that each part holds a window. */
    public int fitting(SplitRule rule, int context, int horizon) {
        int fitting = 0;
        for (TimeSeries one : csv.series()) {
            try {
                rule.split(one.length(), context, horizon);
                fitting++;
            } catch (IllegalArgumentException tooShort) {
                // Not among those that fit.
            }
        }
        return fitting;
    }

    private int[] codes(TimeSeries series) {
        List<Channel> categories = roles.categories();
        if (categories.isEmpty()) return new int[0];
        List<String> own = texts.of(series.id());
        int[] codes = new int[categories.size()];
        for (int i = 0; i < codes.length; i++) codes[i] = categories.get(i).code(own.get(i));
        return codes;
    }
}
