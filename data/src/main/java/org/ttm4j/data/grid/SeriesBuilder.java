package org.ttm4j.data.grid;

import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.TimeOptions;

/**
 * Makes series of rows that come from elsewhere than a file, such as a table of a database, on the regular grid that
 * {@link CsvReader} would find: rows are sorted, steps without a row are missing or 0 by the same rule, and of a time that is
 * repeated the last value of each channel is kept. One builder makes any number of series, one after the other. Not thread-safe.
 *
 * <pre>{@code
 * TimeFormat utc = new TimeFormat("uuuu-MM-dd HH:mm:ssXXX", ZoneOffset.UTC);
 * SeriesBuilder builder = new SeriesBuilder("readings", "time", List.of("load"), utc, TimeOptions.UNKNOWN);
 * for (Reading reading : readings) builder.add(reading.time().toEpochMilli(), reading.load());
 * TimeSeries series = builder.build("meter 7");
 * }</pre>
 */
public final class SeriesBuilder {
    private final Rows rows;
    private int before; // rows of the series that are built

    /**
     * A builder without rows.
     *
     * @param source the name to use in messages
     * @param time the name of the time column in messages
     * @param channels the names of the values
     * @param format how times are written; it says whether they are counted in UTC or in an unknown local time
     * @param options the frequency, the zone and how rows are joined, as far as the caller states them
     */
    public SeriesBuilder(String source, String time, List<String> channels, TimeFormat format, TimeOptions options) {
        rows = new Rows(source, time, List.copyOf(channels), options, CsvLimits.ofThisMachine(), new RepairReport.Log(),
                new RepeatedTimes());
        rows.format = format;
    }

    /**
     * Adds a row to the series that is being built.
     *
     * @param millis the time since 1970-01-01 00:00
     * @param values one for each channel; NaN where it is missing
     * @throws IllegalArgumentException when there are more or fewer values than channels
     */
    public void add(long millis, double... values) {
        if (values.length != rows.names.size()) {
            throw new IllegalArgumentException(
                    "expected a value for each of " + rows.names.size() + " channels, found " + values.length);
        }
        rows.times.add(millis);
        rows.addLine(before + rows.size() + 1);
        for (double value : values) rows.add(value);
    }

    /**
     * The series of the rows that were added since the last one. The builder is then empty, also after an error.
     *
     * @param id the id of the series; null without
     * @throws DataException when the rows are none, have no frequency, or contradict each other; the message names the
     *     row, counted from 1 over all series
     */
    public TimeSeries build(String id) throws DataException {
        try {
            if (rows.size() == 0) throw new DataException(rows.file, 0, null, "expected a row, found none");
            Growable.Ints all = new Growable.Ints();
            for (int row = 0; row < rows.size(); row++) all.add(row);
            GridBuilder grid = new GridBuilder(rows, id, all).build();
            SharedSteps.decide(List.of(grid));
            return grid.series(IntStream.range(0, rows.names.size()).toArray());
        } finally {
            before += rows.size();
            rows.clear();
        }
    }

    /** The repairs that all series so far have needed. */
    public RepairReport report() {
        return rows.log.report();
    }
}
