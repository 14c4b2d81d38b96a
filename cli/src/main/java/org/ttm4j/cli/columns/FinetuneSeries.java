package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

/** Reads the series of a CSV to fine-tune on, with the columns that a model can use. Stateless. */
public final class FinetuneSeries {
    private FinetuneSeries() {}

    /**
     * Reads a table. Columns that the model cannot use are left out, with a note on the console.
     *
     * @param mixes whether the model will mix channels
     * @param rejected receives the reasons for which series of the table were left out
     * @throws CommandException when a column cannot have the role that an option gives it; the message names both
     */
    public static FineTuningSeries read(Input input, ColumnRoles roles, boolean mixes, Consumer<List<String>> rejected,
            Console console) throws IOException {
        boolean named = !roles.of(Role.TARGET).isEmpty();
        List<String> categories = mixes ? roles.of(Role.STATIC_CATEGORY) : List.of();
        CsvOptions options = input.options()
                .withTargets(named ? roles.inputs() : List.of())
                .withStaticColumns(categories);
        CsvFile csv = input.read(options, roles.of(Role.KNOWN_FUTURE));
        roles.require(input, csv, console);
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        List<String> numeric = csv.series().get(0).channels();
        Map<String, Role> used = new LinkedHashMap<>();
        for (String target : roles.targets(numeric)) used.put(target, Role.TARGET);
        if (used.isEmpty()) {
            throw new CommandException(
                    input.name() + ": expected a column of numbers to forecast, found none without another role");
        }
        for (Role role : List.of(Role.KNOWN_FUTURE, Role.PAST_ONLY)) {
            for (String column : roles.of(role)) {
                if (!numeric.contains(column)) {
                    throw new CommandException(ColumnRoles.option(role) + ": no column of numbers "
                            + Printable.quoted(column) + " in " + input.name());
                }
                used.put(column, role);
            }
        }
        if (!mixes) {
            leaveOut(roles.of(Role.PAST_ONLY), Role.PAST_ONLY, used, console);
            leaveOut(roles.of(Role.STATIC_CATEGORY), Role.STATIC_CATEGORY, used, console);
        }
        List<TimeSeries> series = csv.series().stream().map(one -> one.select(List.copyOf(used.keySet()))).toList();
        CsvFile selected = csv.withSeries(series);
        rejected.accept(selected.rejected().stream().map(DataException::getMessage).toList());
        Channels channels = channels(selected, categories, used, roles, console);
        return new FineTuningSeries(series, channels, one -> ModelColumns.codes(channels.categories(), selected, one));
    }

    private static void leaveOut(List<String> columns, Role role, Map<String, Role> used, Console console) {
        for (String column : columns) {
            used.remove(column);
            console.say("note: " + Printable.quoted(column) + " (" + ColumnRoles.option(role)
                    + ") is left out: a model uses it only with --channel-mixing");
        }
    }

    private static Channels channels(CsvFile csv, List<String> categories, Map<String, Role> used, ColumnRoles roles,
            Console console) {
        List<Channel> channels = new ArrayList<>();
        used.forEach((column, role) -> channels.add(Channel.of(column, role, 0, 1)));
        for (int i = 0; i < categories.size(); i++) {
            Set<String> vocabulary = new TreeSet<>();
            for (TimeSeries series : csv.series()) {
                String text = csv.staticTexts(series).get(i);
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
}
