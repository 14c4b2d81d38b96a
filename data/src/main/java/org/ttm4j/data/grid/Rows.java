package org.ttm4j.data.grid;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.TimeOptions;

/** The rows of a file or table of which series are made: their lines, times and values, and what holds for all. Not thread-safe. */
final class Rows {
    final String file;
    /** The name of the column of times. */
    final String time;
    final TimeOptions options;
    final CsvLimits limits;
    final RepairReport.Log log;
    final RepeatedTimes repeats;
    /** The names of the values. */
    final List<String> names;
    /** Whether the values of a column are numbers of texts. */
    IntPredicate areTexts = column -> false;
    /** By row; how they are written is known when all are read. */
    Growable.Longs times = new Growable.Longs();
    TimeFormat format;
    /** The last time of all where they are those of several series, up to which steps without a row go on where they mean zero. */
    long last = Long.MIN_VALUE;
    private Optional<Frequency> frequency; // of all times; null until it is asked for
    private Growable.Ints lines = new Growable.Ints();
    private Growable.Longs values = new Growable.Longs(); // rows × columns, as the bits of doubles

    Rows(String file, String time, List<String> names, TimeOptions options, CsvLimits limits, RepairReport.Log log,
            RepeatedTimes repeats) {
        this.file = file;
        this.time = time;
        this.names = names;
        this.options = options;
        this.limits = limits;
        this.log = log;
        this.repeats = repeats;
    }

    /** Forgets all rows. */
    void clear() {
        times = new Growable.Longs();
        frequency = null;
        lines = new Growable.Ints();
        values = new Growable.Longs();
    }

    /** Begins a row, of which all values are to be added. */
    void addLine(long line) {
        lines.add((int) Math.min(line, Integer.MAX_VALUE));
    }

    /** Adds a value; NaN where it is missing. */
    void add(double value) {
        values.add(Double.doubleToRawLongBits(value));
    }

    /** The frequency of all times; null when none is frequent. */
    Frequency frequency() {
        if (frequency == null) {
            long[] distinct = LongStream.range(0, times.size()).map(times::get).sorted().distinct().toArray();
            frequency = Optional.ofNullable(FrequencyFinder.frequency(distinct, false));
        }
        return frequency.orElse(null);
    }

    int size() {
        return lines.size();
    }

    int line(int row) {
        return lines.get(row);
    }

    double value(int row, int column) {
        return Double.longBitsToDouble(values.get((long) row * names.size() + column));
    }

    void setMissing(int row, int column) {
        values.set((long) row * names.size() + column, Double.doubleToRawLongBits(Double.NaN));
    }
}
