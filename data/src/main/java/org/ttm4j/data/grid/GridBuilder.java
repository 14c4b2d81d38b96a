package org.ttm4j.data.grid;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.ttm4j.data.grid.RepairReport.Kind;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.TimeOptions.Fill;
import org.ttm4j.data.time.TimeOptions.Resampling;

/**
 * Puts the rows of one series on a regular grid: sorts them, finds the grid unless it is given, and finds the step of
 * every row.
 */
final class GridBuilder {
    /** A row lies on a given grid when it misses a step by at most one in so many parts of the frequency. */
    private static final int ON_GRID = 10;
    /** At most one row in so many may fall into the step of another at a frequency that the caller states. */
    private static final int MERGED = 10;
    /** The length of a day on which the clock is set forward. */
    private static final long SHORTEST_DAY = 23 * 3_600_000L;
    private static final long DAY = 24 * 3_600_000L;
    private static final long WEEK = 7 * DAY;

    final Rows source;
    private final RepairReport.Log log;
    private final String id;
    private final boolean isNewestFirst;
    private final Resampling stated; // how the rows of one step are joined; null or AUTO to decide
    private boolean joins; // the rows of one step
    private boolean isFuture; // that continues the grid of a history
    private long end = Long.MIN_VALUE; // the last time of the file, as far as it has several series
    private boolean isMoved; // times are counted in another way than in the file
    private int ends; // 1 where times up to 24:00 end their hours: a step is joined from the rows up to its time; else 0
    private TimeFormat format;
    private int[] rows; // sorted by time, then by place in the file
    private long[] times; // the times of these rows
    private int[] steps; // the steps of these rows
    TimeAxis axis;
    int length; // steps from the first row to the last
    BitSet occupied; // the steps that have a row; not to be changed by others
    /** Whether steps without a row mean zero in a column, where the caller has not said so. */
    IntPredicate absentIsZero = column -> false;
    /** The times from which on, and before which, the sums of a column are whole; those of all rows below 0. */
    IntFunction<long[]> wholeSums = column -> new long[]{Long.MIN_VALUE, Long.MAX_VALUE};

    /** @param own the rows of the series */
    GridBuilder(Rows source, String id, Growable.Ints own) {
        this.source = source;
        log = source.log;
        this.id = id;
        rows = IntStream.range(0, own.size()).map(own::get).toArray();
        times = IntStream.of(rows).mapToLong(source.times::get).toArray();
        isNewestFirst = rows.length > 0 && times[0] > times[rows.length - 1];
        stated = source.options.resampling();
        joins = stated != null;
        boolean isLocal = !source.format.isAbsolute();
        boolean isNamed = !(source.format.zone() instanceof ZoneOffset)
                && !source.format.pattern().matches(".*[xXO].*");
        format = source.options.zone() == null ? source.format : source.format.in(source.options.zone());
        ends = ends(format);
        if (isNamed || isLocal && source.options.zone() != null) placeIn(format.zone(), isLocal);
    }

    private static int ends(TimeFormat format) {
        return format.pattern().replaceAll("'[^']*'", "").contains("k") ? 1 : 0;
    }

    /**
     * Tells the hour that occurs twice apart, where times have no offset: the later rows are those after the clock was set
     * back, the earlier ones where the file begins with the newest row.
     *
     * @param isLocal whether times are not counted in UTC yet
     */
    private void placeIn(ZoneId zone, boolean isLocal) {
        isMoved = true;
        long before = Long.MIN_VALUE;
        for (int k = 0; k < times.length; k++) {
            int i = isNewestFirst ? times.length - 1 - k : k;
            ZonedDateTime time = isLocal
                    ? TimeAxis.local(times[i]).atZone(zone)
                    : Instant.ofEpochMilli(times[i]).atZone(zone);
            long millis = time.toInstant().toEpochMilli();
            before = millis <= before ? time.withLaterOffsetAtOverlap().toInstant().toEpochMilli() : millis;
            times[i] = before;
        }
    }

    /** Counts in the local time of the zone, in which every day has 24 hours. */
    private void countLocally() {
        if (end != Long.MIN_VALUE) end = format.clockAt(end);
        Arrays.setAll(times, i -> format.clockAt(times[i]));
        format = format.countedLocally();
    }

    /** Finds the grid and the step of each row. */
    GridBuilder build() throws DataException {
        // The last time of the file is not known if times are now counted differently.
        end = isMoved ? Long.MIN_VALUE : source.last;
        sort();
        if (!joins) joins = source.repeats.areOfSteps(source, rows, times);
        if (!joins) checkRepeats();
        Frequency frequency = frequency();
        if (!format.zone().equals(ZoneOffset.UTC) && frequency.nominalMillis() >= SHORTEST_DAY) {
            countLocally();
            frequency = frequency();
        }
        place(frequency);
        long merged = steps.length - occupied.cardinality();
        if (joins || source.options.frequency() == null || merged * MERGED <= steps.length) return this;
        // A frequency that the caller states must not hide that rows get lost.
        if (!source.repeats.mayJoin) {
            throw problem(0,
                    merged + " of " + steps.length + " rows" + ofSeries()
                            + " fall into a step of another row at a frequency of " + axis.frequency()
                            + "; join them with --resample mean, sum or last");
        }
        joins = true;
        place(frequency);
        return this;
    }

    /** Finds the grid of a frequency and the steps of the rows. */
    private void place(Frequency frequency) throws DataException {
        axis = joins
                ? FrequencyFinder.axisAround(times[0] - ends, frequency, format).from(ends)
                : FrequencyFinder.axis(distinct(), frequency, format);
        findSteps();
    }

    /** True if weekdays and hours without rows may be left out of the grid. */
    boolean mayClose() {
        return !isFuture && source.options.frequency() == null;
    }

    /** Leaves out the steps at which something is closed, on the clock of the zone or in UTC; the others are the same. */
    void close(Frequency open, boolean byClock) throws DataException {
        int before = length;
        long start = byClock ? axis.localTimeAt(0) : axis.start();
        if (byClock && !format.local() && !format.zone().equals(ZoneOffset.UTC)) countLocally();
        axis = new TimeAxis(start, open, 0, format);
        findSteps();
        int absent = before - length;
        log.add(Kind.STEPS_CLOSED, absent, null);
        log.extreme(Kind.STEPS_CLOSED, absent, open::closed);
    }

    /** How rows of one step are joined in a column; null where the last value of each step is kept. */
    private Resampling joining(int column) {
        if (source.areTexts.test(column)) return Resampling.LAST;
        if (!joins || !isDecided()) return stated;
        return StepRule.joining(source.names.get(column), values(column), RepeatedTimes.areMany(times));
    }

    /** True if the reader decides how rows are joined. */
    private boolean isDecided() {
        return stated == null || stated == Resampling.AUTO;
    }

    /** The values of a column by time; NaN where they are missing. */
    double[] values(int column) {
        return IntStream.of(rows).mapToDouble(row -> source.value(row, column)).toArray();
    }

    /**
     * As {@link #build}, on a given grid. Rows before its start are left out, and those between its steps unless rows
     * are joined, as the caller says or as too many share a step of the stated frequency.
     */
    GridBuilder buildOn(TimeAxis grid) throws DataException {
        axis = grid;
        ends = ends(grid.format());
        if (grid.format().local() && !format.local()) {
            format = format.in(grid.format().zone());
            countLocally();
        }
        sort();
        long[] later = LongStream.of(times).map(axis::nearestIndex).filter(step -> step >= 0).toArray();
        joins = stated != null || source.options.frequency() != null && source.repeats.mayJoin
                && (later.length - LongStream.of(later).distinct().count()) * MERGED > later.length;
        if (!joins) checkRepeats();
        keepRowsOnGrid();
        isFuture = true;
        findSteps();
        return this;
    }

    /** The memory that the values take. */
    long bytes(int channels) {
        return (long) length * channels * Double.BYTES;
    }

    /**
     * The series on the grid. A step has the last value of its rows that is not missing, or their sum or mean; one without a row
     * is missing or 0.
     *
     * @param columns those of the values, one for each channel
     */
    TimeSeries series(int... columns) {
        Resampling[] how = IntStream.of(columns).mapToObj(this::joining).toArray(Resampling[]::new);
        boolean[] zero = new boolean[columns.length];
        boolean[] empty = new boolean[columns.length];
        for (int c = 0; c < zero.length; c++) {
            empty[c] = areEmptyZero(columns, c, how);
            zero[c] = empty[c] || areZero(columns[c], how[c]);
        }
        boolean isNothingSold = IntStream.range(0, zero.length).anyMatch(c -> zero[c] && how[c] == null);
        for (int c = 0; c < zero.length; c++) {
            // Without sales, the revenue is zero.
            zero[c] |= isNothingSold && how[c] == null && StepRule.isAmount(source.names.get(columns[c]));
        }
        boolean allZero = IntStream.range(0, zero.length).allMatch(c -> zero[c]);
        // The series goes on to the last time of the file, in so far as it is bounded.
        long last = allZero && end != Long.MIN_VALUE ? stepAt(end) : -1;
        if (last >= length && last < mostSteps()) length = (int) last + 1;
        double[][] values = new double[columns.length][length];
        for (int c = 0; c < columns.length; c++) {
            join(columns[c], how[c], values[c]);
            if (zero[c]) {
                double[] filled = values[c];
                IntStream.range(0, length).filter(step -> !occupied.get(step)).forEach(step -> filled[step] = 0);
                if (empty[c]) fillEmpty(columns[c], values[c]);
            } else if (source.options.fill() == Fill.INTERPOLATE && !source.areTexts.test(columns[c])) {
                interpolate(values[c]);
            }
        }
        for (int i = 0; i < steps.length && !joins; i++) reportMove(i);
        report(columns, how, zero, length - occupied.cardinality());
        TimeSeries series = new TimeSeries(id, IntStream.of(columns).mapToObj(source.names::get).toList(), axis,
                values);
        BitSet incomplete = new BitSet();
        for (int c = 0; c < columns.length; c++) {
            if (how[c] != Resampling.SUM) continue;
            removeIncomplete(values[c], wholeSums.apply(empty[c] ? -1 : columns[c]), incomplete);
        }
        incomplete.stream().forEach(step -> log.add(Kind.STEPS_INCOMPLETE, 1, () -> axis.labelAt(step)));
        int from = incomplete.get(0) && !isFuture ? 1 : 0; // a known future begins where its history ends
        int to = incomplete.length() == length ? length - 1 : length;
        return from < to ? series.slice(from, to) : series;
    }

    /** Makes the sums missing that are not whole. */
    private void removeIncomplete(double[] sums, long[] whole, BitSet incomplete) {
        for (int step = 0; step < length; step++) {
            long start = axis.timeAt(step - ends);
            if (Double.isNaN(sums[step]) || start >= whole[0] && start < whole[1]) continue;
            sums[step] = Double.NaN;
            incomplete.set(step);
        }
    }

    /** Whether a step without a row is 0 in a column: where the caller says so, sums are taken, or its values show it. */
    private boolean areZero(int column, Resampling how) {
        if (source.areTexts.test(column)) return false;
        Fill fill = source.options.fill();
        if (fill != null) return fill == Fill.ZERO;
        if (how == Resampling.SUM) return true;
        return how == null && !isFuture && absentIsZero.test(column);
    }

    /** True if an empty cell means 0: in a column of sums, or of amounts with at most one value for each step. */
    private boolean areEmptyZero(int[] columns, int c, Resampling[] how) {
        int column = columns[c];
        Fill fill = source.options.fill();
        if (isFuture || fill != null && fill != Fill.ZERO || source.areTexts.test(column)) return false;
        if (how[c] == Resampling.SUM) {
            Stream<double[]> others = IntStream.range(0, columns.length)
                    .filter(other -> other != c && how[other] == Resampling.SUM)
                    .mapToObj(other -> values(columns[other]));
            return StepRule.emptyMeansZero(values(column), others);
        }
        if (how[c] != null || !RepeatedTimes.areMany(times)) return false;
        if (!StepRule.isAmount(source.names.get(column))) return false;
        double[] joined = new double[length];
        join(column, null, joined);
        return StepRule.emptyMeansZero(joined, Stream.empty());
    }

    private void fillEmpty(int column, double[] values) {
        for (int step = 0; step < length; step++) {
            if (!Double.isNaN(values[step])) continue;
            values[step] = 0;
            int zero = step;
            log.add(Kind.CELLS_ZERO, 1,
                    () -> axis.labelAt(zero) + ", column " + Printable.shortened(source.names.get(column)));
        }
    }

    /** The times of the rows that have a value in a column, or of all below 0; none where rows are not joined. */
    LongStream joinedTimes(int column) {
        return IntStream.range(0, joins ? rows.length : 0)
                .filter(i -> column < 0 || !Double.isNaN(source.value(rows[i], column)))
                .mapToLong(i -> times[i] - ends);
    }

    private static void interpolate(double[] values) {
        int before = -1;
        for (int t = 0; t < values.length; t++) {
            if (Double.isNaN(values[t])) continue;
            for (int k = before + 1; before >= 0 && k < t; k++) {
                double share = (double) (k - before) / (t - before);
                values[k] = (1 - share) * values[before] + share * values[t];
            }
            before = t;
        }
    }

    private void join(int column, Resampling how, double[] values) {
        boolean keepsFirst = how == Resampling.LAST && isNewestFirst;
        boolean adds = how == Resampling.SUM || how == Resampling.MEAN;
        int[] counts = new int[how == Resampling.MEAN ? length : 0];
        Arrays.fill(values, Double.NaN);
        for (int i = 0; i < steps.length; i++) {
            double value = source.value(rows[i], column);
            if (Double.isNaN(value)) continue;
            int step = steps[i];
            boolean isFirst = Double.isNaN(values[step]);
            if (isFirst || !keepsFirst) values[step] = adds && !isFirst ? values[step] + value : value;
            if (how == Resampling.MEAN) counts[step]++;
        }
        for (int step = 0; step < counts.length; step++) values[step] /= counts[step];
    }

    /** Says how rows were joined, and what stands for the steps without one. */
    private void report(int[] columns, Resampling[] how, boolean[] zero, int absent) {
        Map<Kind, List<String>> kinds = new EnumMap<>(Kind.class);
        for (int c = 0; c < columns.length && joins; c++) {
            Kind kind = !isDecided() ? Kind.ROWS_RESAMPLED : switch (how[c]) {
                case SUM -> Kind.ROWS_SUMMED;
                case LAST -> Kind.ROWS_OF_BALANCES;
                default -> Kind.ROWS_AVERAGED;
            };
            kinds.computeIfAbsent(kind, none -> new ArrayList<>())
                    .add(Printable.shortened(source.names.get(columns[c])));
        }
        kinds.forEach((kind, names) -> {
            log.add(kind, steps.length, null);
            log.extreme(kind, 1, () -> (kinds.size() > 1 ? String.join(", ", names) + ", " : "") + "to steps of "
                    + axis.frequency());
        });
        if (absent == 0) return;
        if (IntStream.range(0, zero.length).anyMatch(c -> !zero[c])) reportGaps();
        if (IntStream.range(0, zero.length).anyMatch(c -> zero[c])) log.add(Kind.STEPS_ZERO, absent, null);
    }

    private void reportGaps() {
        for (int i = 1; i < steps.length; i++) {
            int gap = steps[i] - steps[i - 1] - 1;
            if (gap <= 0) continue;
            int row = i;
            log.add(Kind.STEPS_INSERTED, gap, () -> gap + " before " + place(row));
            log.extreme(Kind.STEPS_INSERTED, gap, () -> "longest gap " + gap);
        }
    }

    private Frequency frequency() throws DataException {
        boolean numbers = format.pattern().equals(TimeFormat.NUMBERS);
        if (source.options.frequency() != null && !numbers) return source.options.frequency();
        long[] distinct = distinct();
        if (distinct.length < 2) {
            throw problem(line(0), "expected at least 2 different times" + ofSeries() + ", found 1");
        }
        Frequency frequency = FrequencyFinder.frequency(distinct, numbers);
        if (numbers) return new Frequency(frequency.kind(), frequency.count(), source.options.frequency());
        if (source.last != Long.MIN_VALUE && !isMoved) {
            frequency = FrequencyFinder.among(source::frequency, distinct, frequency, format);
        }
        if (frequency != null) return frequency;
        Frequency usual = FrequencyFinder.usual(distinct);
        if (!joins && !source.repeats.mayJoin) {
            throw problem(0, "the times are irregular" + ofSeries()
                    + ": no difference between neighbours makes up a fifth of all; resample them, as with --resample mean"
                    + " --frequency " + usual.toTemporalAmount().orElseThrow());
        }
        joins = true;
        boolean areAmounts = isDecided()
                && IntStream.range(0, source.names.size()).anyMatch(column -> joining(column) == Resampling.SUM);
        return areAmounts && usual.nominalMillis() <= WEEK ? Frequency.ofMillis(DAY) : usual;
    }

    /** The step in which a row falls, from the start of a step to that of the next, or to which it is nearest. */
    private long stepAt(long time) {
        return joins ? axis.indexOf(time - ends) + ends : axis.nearestIndex(time);
    }

    private void findSteps() throws DataException {
        checkLength();
        steps = LongStream.of(times).mapToInt(time -> (int) stepAt(time)).toArray();
        occupied = IntStream.of(steps).collect(BitSet::new, BitSet::set, BitSet::or);
        length = steps.length == 0 ? 0 : steps[steps.length - 1] + 1;
    }

    private void reportMove(int row) {
        long shift = Math.abs(times[row] - axis.timeAt(steps[row]));
        if (shift != 0) {
            log.add(Kind.TIMES_SNAPPED, 1, () -> place(row));
            log.extreme(Kind.TIMES_SNAPPED, shift, () -> "by up to "
                    + (format.pattern().equals(TimeFormat.NUMBERS) ? shift : Frequency.ofMillis(shift)));
        }
        if (row == 0 || steps[row] != steps[row - 1]) return;
        log.add(Kind.ROWS_MERGED, 1, () -> place(row));
        if (!isClockChange(row)) return;
        log.extreme(Kind.ROWS_MERGED, 1, () -> "in the hour in which clocks are set back, which"
                + " a zone such as --timezone Europe/Berlin tells apart");
    }

    private void keepRowsOnGrid() {
        // The step before a closed time ends with it.
        long tolerance = joins
                ? axis.frequency().openStep().map(Duration::toMillis).orElse(Long.MAX_VALUE) - 1
                : axis.frequency().nominalMillis() / ON_GRID;
        int[] later = IntStream.range(0, times.length).filter(i -> stepAt(times[i]) >= 0).toArray();
        IntPredicate isBetween = i -> Math.abs(times[i] - axis.timeAt(stepAt(times[i]))) > tolerance;
        IntStream.of(later).filter(isBetween).forEach(i -> log.add(Kind.ROWS_BETWEEN_STEPS, 1, () -> place(i)));
        take(IntStream.of(later).filter(isBetween.negate()).toArray());
    }

    private void take(int[] order) {
        times = IntStream.of(order).mapToLong(i -> times[i]).toArray();
        rows = IntStream.of(order).map(i -> rows[i]).toArray();
    }

    private void sort() {
        int[] late = IntStream.range(1, times.length).filter(i -> times[i] < times[i - 1]).toArray();
        for (int i : late) log.add(Kind.ROWS_SORTED, 1, () -> place(i));
        if (late.length > 0) take(RepeatedTimes.order(times.length, i -> times[i]));
    }

    private void checkRepeats() throws DataException {
        String problem = source.repeats.problem(source, rows, times);
        if (problem == null) return;
        int first = 1;
        while (times[first] != times[first - 1]) first++;
        throw problem(line(first), "the time " + format.format(times[first]) + ofSeries() + " " + problem);
    }

    /** The sorted times without repeats. A stream would box them. */
    private long[] distinct() {
        long[] distinct = times.clone();
        int count = 1;
        for (long time : times) if (time != distinct[count - 1]) distinct[count++] = time;
        return Arrays.copyOf(distinct, count);
    }

    /** Prevents that one far-off time fills the memory with missing steps. */
    private void checkLength() throws DataException {
        long steps = times.length == 0 ? 0 : axis.nearestIndex(times[times.length - 1]) + 1;
        if (steps <= mostSteps()) return;
        int widest = 0; // the row at which the widest gap ends
        for (int i = 1; i < times.length; i++) {
            widest = widest == 0 || times[i] - times[i - 1] > times[widest] - times[widest - 1] ? i : widest;
        }
        // Of the two rows beside the gap, the one nearer to an end of the file is probably the wrong one.
        int culprit = widest > 0 && widest <= times.length / 2 ? widest - 1 : widest;
        throw problem(line(culprit),
                "the time " + format.format(times[culprit]) + " is too far from the others" + ofSeries() + ": "
                        + times.length + " rows would become " + steps + " steps of " + axis.frequency()
                        + "; correct the time or remove the row");
    }

    private long mostSteps() {
        return Math.min(source.limits.bytes() / Double.BYTES,
                (long) times.length * source.limits.gridFactor() + CsvLimits.FREE_STEPS);
    }

    /** Whether a row repeats the local time before in a night in which clocks are set back in many countries. */
    private boolean isClockChange(int i) {
        if (format.isAbsolute() || source.options.zone() != null || times[i] != times[i - 1]) return false;
        LocalDateTime time = TimeAxis.local(times[i]);
        MonthDay day = MonthDay.from(time);
        boolean weekOfChange = !day.isBefore(MonthDay.of(10, 25)) && !day.isAfter(MonthDay.of(11, 7))
                || day.getMonthValue() == 4 && day.getDayOfMonth() <= 7;
        return weekOfChange && time.getDayOfWeek() == DayOfWeek.SUNDAY && time.getHour() >= 1 && time.getHour() <= 2;
    }

    private long line(int i) {
        return source.line(rows[i]);
    }

    private String place(int i) {
        return "line " + line(i) + " (" + format.format(times[i]) + ")";
    }

    private DataException problem(long line, String text) {
        return new DataException(source.file, line, source.time, text);
    }

    private String ofSeries() {
        return id == null ? "" : " in series " + Printable.quoted(id);
    }
}
