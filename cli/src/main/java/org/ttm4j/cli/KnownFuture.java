package org.ttm4j.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.CsvReader;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.TtmConfig;

/** The file of {@code --future}: what is known of the exogenous channels beyond the end of the history. */
final class KnownFuture {
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
    static KnownFuture read(String name, CsvFile history, CsvOptions options, TtmConfig config, Console console)
            throws UsageException, CommandException, IOException {
        if (!config.usesExogenous()) {
            if (name == null) return null;
            throw new CommandException("--future: this model cannot use known future values, it has no exogenous "
                    + "channels; leave the option out or choose another --model");
        }
        List<String> channels = history.series().get(0).channels();
        if (channels.size() != config.numInputChannels()) {
            throw new CommandException("this model needs exactly " + config.numInputChannels()
                    + " channels, in its own order: name them with --target (found " + channels.size() + ")");
        }
        List<String> exogenous = IntStream.of(config.exogenousChannels()).mapToObj(channels::get).toList();
        if (name == null) {
            throw new CommandException("this model needs the known future of " + String.join(", ", exogenous)
                    + ": give it with --future FILE.csv");
        }
        CsvOptions columns = new CsvOptions(options.time(), exogenous, options.id());
        return new KnownFuture(name, CsvReader.read(console.path(name), columns));
    }

    /**
     * The steps after a series' end.
     *
     * @return exogenous channels × horizon
     * @throws CommandException naming the first channel and time without a value
     */
    float[][] of(TimeSeries history, int horizon) throws CommandException {
        TimeSeries future = find(history.id());
        float[][] values = new float[future.channels().size()][horizon];
        for (int h = 0; h < horizon; h++) {
            long time = history.axis().timeAt(history.length() + (long) h);
            long index = future.axis().nearestIndex(time);
            boolean present = index >= 0 && index < future.length() && future.axis().timeAt(index) == time;
            for (int c = 0; c < values.length; c++) {
                values[c][h] = present ? future.channel(c)[(int) index] : Float.NaN;
                if (!Float.isNaN(values[c][h])) continue;
                throw new CommandException(name + (history.id() == null ? "" : ", series '" + history.id() + "'")
                        + ": no value of '" + future.channels().get(c) + "' at "
                        + history.axis().labelAt(history.length() + (long) h) + ", step " + (h + 1) + " of " + horizon
                        + " to forecast");
            }
        }
        return values;
    }

    private TimeSeries find(String id) throws CommandException {
        for (TimeSeries series : file.series()) {
            if (id == null || id.equals(series.id())) return series;
        }
        throw new CommandException(name + ": no rows of series '" + id + "'");
    }
}
