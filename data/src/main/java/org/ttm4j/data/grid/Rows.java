package org.ttm4j.data.grid;

import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.TimeOptions;

/** The rows of a file or table of which series are made: their lines, times and values, and what holds for all. Not thread-safe. */
final class Rows {
    /** For fill values: the most different ones, the fewest other values, and the smallest size. */
    private static final int MOST_FILLS = 4;
    private static final int FEWEST_OTHERS = 10;
    private static final double LEAST_FILL = 999;
    /** The least distance of fill values: this multiple of the range, or of the largest, of the others. */
    private static final double FAR = 5;
    private static final Pattern OF_NINES = Pattern.compile("9+\\.(0|9+)");
    /** As of tables of NOAA; a refund may be as large. */
    private static final Pattern SHORT_OF_NINES = Pattern.compile("99\\.9{1,3}");

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
            long[] distinct = times.stream().sorted().distinct().toArray();
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

    /**
     * Makes the numbers of a series missing that stand for missing ones: they consist of nines alone, such as -9999, 999.9 or
     * -99.99, as loggers and tables of climate have them, and are far from all others.
     *
     * @param before the values of the history that these rows continue, which are judged with them
     */
    void removeFillValues(Growable.Ints own, int column, double... before) {
        Set<Double> fills = fillValues(() -> DoubleStream.concat(DoubleStream.of(before),
                IntStream.range(0, own.size()).mapToDouble(i -> value(own.get(i), column))));
        for (int i = 0; !fills.isEmpty() && i < own.size(); i++) {
            int row = own.get(i);
            double value = value(row, column);
            if (!fills.contains(Math.abs(value))) continue;
            values.set((long) row * names.size() + column, Double.doubleToRawLongBits(Double.NaN));
            log.add(RepairReport.Kind.FILL_VALUES, 1,
                    () -> "line " + line(row) + ", column " + Printable.shortened(names.get(column)) + " ("
                            + (value == Math.rint(value) ? Integer.toString((int) value) : Double.toString(value))
                            + ")");
        }
    }

    /** The sizes of these numbers, both signs of each. */
    private static Set<Double> fillValues(Supplier<DoubleStream> values) {
        Set<Double> found = new HashSet<>();
        double size = largest(values, Double.POSITIVE_INFINITY);
        for (; found.size() < MOST_FILLS && isFill(values, size); size = largest(values, size)) found.add(size);
        double largestLeft = size;
        double least = values.get().filter(value -> Math.abs(value) <= largestLeft).min().orElse(0);
        while (found.size() < MOST_FILLS && isLeastFill(values, least, largestLeft)) {
            double before = least;
            found.add(-least);
            least = values.get().filter(value -> value > before).min().orElse(0);
        }
        return found;
    }

    /**
     * Whether the least number stands for missing ones although the others are as large, as -999 among pressures and
     * radiation: only it and such ones are negative, and it repeats or is far below the range of the others. Once within a
     * wide range, or beside 999, it may be a refund.
     */
    private static boolean isLeastFill(Supplier<DoubleStream> values, double least, double largest) {
        boolean isShort = isShortFill(values, -least);
        if (!isShort && !isOfNines(-least)) return false;
        DoubleSummaryStatistics others = values.get()
                .filter(value -> value > least && value <= largest && !(value < 0 && isOfNines(-value)))
                .summaryStatistics();
        double low = others.getMin();
        return others.getCount() >= FEWEST_OTHERS && low >= 0 && others.getMax() > low
                && (!isShort && values.get().filter(value -> value == least).count() > 1
                        || low - least > FAR * (others.getMax() - low))
                && values.get().noneMatch(value -> value == -least);
    }

    /** Whether a size is 99.9, 99.99 or 99.999, and is that of several negative numbers and of no other. */
    private static boolean isShortFill(Supplier<DoubleStream> values, double size) {
        return SHORT_OF_NINES.matcher(Double.toString(size)).matches()
                && values.get().filter(value -> value == -size).count() > 1
                && values.get().noneMatch(value -> value == size);
    }

    static boolean isOfNines(double size) {
        return size >= LEAST_FILL && OF_NINES.matcher(Double.toString(size)).matches();
    }

    private static double largest(Supplier<DoubleStream> values, double below) {
        return values.get().map(Math::abs).filter(size -> size < below).max().orElse(0);
    }

    private static boolean isFill(Supplier<DoubleStream> values, double size) {
        if (!isOfNines(size) && !isShortFill(values, size)) return false;
        DoubleSummaryStatistics others = values.get().filter(value -> Math.abs(value) < size).summaryStatistics();
        double low = others.getMin();
        double high = others.getMax();
        double room = FAR * Math.max(high - low, Math.max(Math.abs(high), Math.abs(low)));
        return others.getCount() >= FEWEST_OTHERS && room > 0
                && (size > high + room || values.get().noneMatch(value -> value == size))
                && (-size < low - room || values.get().noneMatch(value -> value == -size));
    }
}
