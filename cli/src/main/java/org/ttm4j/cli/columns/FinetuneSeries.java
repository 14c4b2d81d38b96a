package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.CsvFile;
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
     * @throws IOException also when a column cannot have the role that an option gives it; the message names both
     */
    public static FineTuningSeries read(Input input, ColumnRoles roles, boolean mixes, Consumer<List<String>> rejected,
            Console console) throws IOException {
        List<String> categories = mixes ? roles.of(Role.STATIC_CATEGORY) : List.of();
        List<String> known = new ArrayList<>(roles.of(Role.KNOWN_FUTURE));
        if (mixes) known.addAll(roles.of(Role.PAST_ONLY));
        List<String> inputs = new ArrayList<>(roles.of(Role.TARGET));
        if (!inputs.isEmpty()) inputs.addAll(known);
        CsvFile csv = new ModelColumns(roles, inputs, List.of(), known).read(input,
                input.options().withStaticColumns(categories), console);
        for (Role role : mixes ? List.<Role>of() : List.of(Role.PAST_ONLY, Role.STATIC_CATEGORY)) {
            for (String column : roles.of(role)) {
                console.say("note: " + Printable.quoted(column) + " (" + ColumnRoles.option(role)
                        + ") is left out: a model uses it only with --channel-mixing");
            }
        }
        rejected.accept(csv.rejected().stream().map(DataException::getMessage).toList());
        Channels channels = channels(csv, categories, roles, console);
        return new FineTuningSeries(csv.series(), channels,
                series -> ModelColumns.codes(channels.categories(), csv, series));
    }

    private static Channels channels(CsvFile csv, List<String> categories, ColumnRoles roles, Console console) {
        List<Channel> channels = new ArrayList<>();
        for (String column : csv.series().get(0).channels()) {
            channels.add(Channel.of(column, roles.named().getOrDefault(column, Role.TARGET), 0, 1));
        }
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
