package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.csv.CsvOptions;
import org.ttm4j.data.csv.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.config.TtmConfig;

/** The file of {@code --future}: what is known of the exogenous channels beyond the end of the history. */
public final class KnownFuture {
    private final String name;
    private final CsvFile file;

    private KnownFuture(String name, CsvFile file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Reads the file, whose columns are named as in the history.
     *
     * @param name of the file, or null when none was given
     * @return null when there is none and the model needs none
     * @throws CommandException when the model cannot use a known future, or needs one, or the columns do not fit
     */
    public static KnownFuture read(String name, CsvFile history, CsvOptions options, TtmConfig config, Console console)
            throws UsageException, CommandException, IOException {
        if (!config.usesExogenous()) {
            if (name == null) return null;
            throw new CommandException("--future: this model cannot use known future values, it has no exogenous "
                    + "channels; leave the option out or choose another --model");
        }
        List<String> channels = history.series().get(0).channels();
        if (channels.size() != config.numInputChannels()) {
            throw new CommandException("this model needs exactly " + config.numInputChannels()
                    + " channels, in its own order: name them with --target or by their roles (found " + channels.size()
                    + ")");
        }
        List<String> exogenous = IntStream.of(config.exogenousChannels()).mapToObj(channels::get).toList();
        if (name == null) {
            TimeSeries first = history.series().get(0);
            throw new CommandException("this model needs the known future of "
                    + exogenous.stream().map(Console::shortened).collect(Collectors.joining(", ")) + " from "
                    + first.axis().labelAt(first.length()) + " on: give it with --future FILE.csv");
        }
        CsvOptions columns = new CsvOptions(options.time(), exogenous, options.id());
        CsvFile file = CsvReader.readFuture(console.path(name), columns, history.series());
        file.report().lines().forEach(line -> console.say(Console.shortened(name) + ", repaired: " + line));
        file.rejected().forEach(rejected -> console.say("ttm: " + rejected.getMessage()));
        return new KnownFuture(name, file);
    }

    /**
     * All that is known without a gap of the steps after a series' end, which may be more than the horizon: a forecast in
     * several passes looks further.
     *
     * @return exogenous channels × at least the horizon
     * @throws CommandException naming the first time of the horizon without a value, and the channel
     */
    public float[][] of(TimeSeries history, int horizon) throws CommandException {
        TimeSeries future = find(history.id());
        int known = 0;
        while (known < future.length() && firstMissing(future, known) < 0) known++;
        if (known < horizon) {
            int channel = known < future.length() ? firstMissing(future, known) : 0;
            throw new CommandException(name + (history.id() == null ? "" : ", series " + Console.quoted(history.id()))
                    + ": no value of " + Console.quoted(future.channels().get(channel)) + " at "
                    + future.axis().labelAt(known) + ", step " + (known + 1) + " of " + horizon + " to forecast");
        }
        return future.slice(0, known).values();
    }

    /** The first channel without a value at a step, −1 if there is none. */
    private static int firstMissing(TimeSeries future, int step) {
        for (int c = 0; c < future.channels().size(); c++) {
            if (Float.isNaN(future.channel(c)[step])) return c;
        }
        return -1;
    }

    private TimeSeries find(String id) throws CommandException {
        for (TimeSeries series : file.series()) {
            if (id == null || id.equals(series.id())) return series;
        }
        throw new CommandException(name + ": no rows of series " + Console.quoted(id));
    }
}
