package org.ttm4j.data.grid;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.Resampler;
import org.ttm4j.data.time.TimeOptions;

/**
 * Puts the rows of one series on a regular grid: sorts them, finds the grid unless it is given, and finds the step of
 * every row.
 */
final class GridBuilder {
    /** A row lies on a given grid when it misses a step by at most one in so many parts of the frequency. */
    private static final int ON_GRID = 10;
    /** At most one row in so many may fall into the step of another at a frequency that the caller states. */
    private static final int MERGED = 10;
    /** A day at which the clock is set forward, or half a day. */
    private static final long SHORTEST_DAY = 23 * 3_600_000L;

    private final String file;
    private final String column;
    private final String id;
    private final Growable.Ints lines;
    private final CsvLimits limits;
    private final TimeOptions options;
    private TimeFormat format;
    private int[] rows; // sorted by time, then by place in the file
    private long[] times; // the times of these rows
    private TimeAxis axis;
    private int length;

    /** @param times those of all rows, which {@code rows} are some of */
    GridBuilder(String file, String column, String id, Growable.Ints rows, Growable.Longs times, TimeFormat format,
            Growable.Ints lines, CsvLimits limits, TimeOptions options) {
        this.file = file;
        this.column = column;
        this.id = id;
        this.format = format;
        this.lines = lines;
        this.limits = limits;
        this.options = options;
        this.rows = new int[rows.size()];
        this.times = new long[rows.size()];
        for (int i = 0; i < this.times.length; i++) {
            this.rows[i] = rows.get(i);
            this.times[i] = times.get(rows.get(i));
        }
        if (options.zone() != null) placeIn(options.zone());
    }

    /**
     * Counts local times in UTC. Of the hour that occurs twice, the later rows are those after the clock was set back: the
     * earlier ones where the file begins with the newest row.
     */
    private void placeIn(ZoneId zone) {
        boolean isLocal = !format.isAbsolute();
        format = format.in(zone);
        boolean newestFirst = times[0] > times[times.length - 1];
        long before = Long.MIN_VALUE;
        for (int k = 0; isLocal && k < times.length; k++) {
            int i = newestFirst ? times.length - 1 - k : k;
            ZonedDateTime time = TimeAxis.local(times[i]).atZone(zone);
            long millis = time.toInstant().toEpochMilli();
            before = millis <= before ? time.withLaterOffsetAtOverlap().toInstant().toEpochMilli() : millis;
            times[i] = before;
        }
    }

    /** Counts in the local time of the zone, in which every day has 24 hours. */
    private void countLocally() {
        for (int i = 0; i < times.length; i++) {
            times[i] = Instant.ofEpochMilli(times[i])
                    .atZone(format.zone())
                    .withZoneSameLocal(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
        }
        format = format.counted(true);
    }

    /** Finds the grid, and returns the step of each row in the order of {@link #row}. */
    int[] build(RepairLog log, RepeatedTimes repeats) throws DataException {
        sort(log);
        if (options.resampling() == null) checkRepeats(repeats);
        Frequency frequency = frequency();
        if (!(format.zone() instanceof ZoneOffset) && frequency.nominalMillis() >= SHORTEST_DAY) {
            countLocally();
            frequency = frequency();
        }
        if (options.resampling() != null) {
            axis = Resampler.axis(times[0], frequency, format);
            return resampled(log);
        }
        axis = FrequencyFinder.axis(distinct(), frequency, format);
        int[] steps = steps(log);
        requireFineFrequency(steps);
        return steps;
    }

    private Frequency frequency() throws DataException {
        boolean numbers = format.pattern().equals(TimeFormat.NUMBERS);
        if (options.frequency() != null && !numbers) return options.frequency();
        long[] distinct = distinct();
        if (distinct.length < 2) {
            throw new DataException(file, line(0), column,
                    "expected at least 2 different times" + ofSeries() + ", found 1");
        }
        Frequency frequency = FrequencyFinder.frequency(distinct, numbers);
        if (frequency == null && options.resampling() != null) return Resampler.frequency(distinct);
        if (frequency == null) {
            throw new DataException(file, 0, column, "the times are irregular" + ofSeries()
                    + ": no difference between neighbours makes up a fifth of all; resample them, as with --resample mean"
                    + " --frequency " + Resampler.frequency(distinct).toTemporalAmount().orElseThrow());
        }
        return frequency;
    }

    /** A frequency that the caller states must not hide that rows get lost. */
    private void requireFineFrequency(int[] steps) throws DataException {
        long merged = 0;
        for (int i = 1; i < steps.length; i++) merged += steps[i] == steps[i - 1] ? 1 : 0;
        if (options.frequency() == null || merged * MERGED <= steps.length) return;
        throw new DataException(file, 0, column,
                merged + " of " + steps.length + " rows" + ofSeries()
                        + " fall into a step of another row at a frequency of " + axis.frequency()
                        + "; join them with --resample mean, sum or last");
    }

    /** The step in which each row falls, from its start to that of the next. */
    private int[] resampled(RepairLog log) throws DataException {
        checkLength();
        int[] steps = new int[times.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (int) Resampler.step(axis, times[i]);
            if (i > 0) reportGap(steps[i] - steps[i - 1] - 1, i, log);
        }
        length = steps[steps.length - 1] + 1;
        log.add(RepairReport.Kind.ROWS_RESAMPLED, steps.length, null);
        log.extreme(RepairReport.Kind.ROWS_RESAMPLED, 1, () -> "to steps of " + axis.frequency());
        return steps;
    }

    /** Does the same on a given grid. Rows before its start or between its steps are left out. */
    int[] buildOn(TimeAxis grid, RepairLog log, RepeatedTimes repeats) throws DataException {
        axis = grid;
        if (grid.format().local() && !format.local()) {
            format = format.in(grid.format().zone());
            countLocally();
        }
        sort(log);
        checkRepeats(repeats);
        keepRowsOnGrid(log);
        return steps(log);
    }

    private int[] steps(RepairLog log) throws DataException {
        checkLength();
        int[] steps = new int[times.length];
        for (int i = 0; i < steps.length; i++) steps[i] = (int) axis.nearestIndex(times[i]);
        length = steps.length == 0 ? 0 : steps[steps.length - 1] + 1;
        report(steps, log);
        return steps;
    }

    private void keepRowsOnGrid(RepairLog log) {
        long tolerance = axis.frequency().nominalMillis() / ON_GRID;
        int kept = 0;
        for (int i = 0; i < times.length; i++) {
            int row = i;
            long step = axis.nearestIndex(times[i]);
            boolean between = Math.abs(times[i] - axis.timeAt(step)) > tolerance;
            if (step >= 0 && between) {
                log.add(RepairReport.Kind.ROWS_BETWEEN_STEPS, 1, () -> place(row));
            } else if (step >= 0) {
                times[kept] = times[i];
                rows[kept++] = rows[i];
            }
        }
        times = Arrays.copyOf(times, kept);
        rows = Arrays.copyOf(rows, kept);
    }

    /** The row that is the i-th by time. */
    int row(int i) {
        return rows[i];
    }

    TimeAxis axis() {
        return axis;
    }

    /** The number of steps. */
    int length() {
        return length;
    }

    private void sort(RepairLog log) {
        boolean sorted = true;
        for (int i = 1; i < times.length; i++) {
            if (times[i] < times[i - 1]) {
                sorted = false;
                int late = i;
                log.add(RepairReport.Kind.ROWS_SORTED, 1, () -> place(late));
            }
        }
        if (!sorted) {
            long[] timesBefore = times.clone();
            int[] rowsBefore = rows.clone();
            int[] order = IntStream.range(0, times.length)
                    .boxed()
                    .sorted((a, b) -> Long.compare(timesBefore[a], timesBefore[b]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int i = 0; i < order.length; i++) {
                times[i] = timesBefore[order[i]];
                rows[i] = rowsBefore[order[i]];
            }
        }
    }

    private void checkRepeats(RepeatedTimes repeats) throws DataException {
        String problem = repeats.problem(rows, times, column);
        if (problem != null) {
            int first = 1;
            while (times[first] != times[first - 1]) first++;
            throw new DataException(file, line(first), column,
                    "the time " + format.format(times[first]) + ofSeries() + " " + problem);
        }
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
        long most = Math.min(limits.bytes() / Double.BYTES,
                (long) times.length * limits.gridFactor() + CsvLimits.FREE_STEPS);
        if (steps > most) {
            int widest = 0; // the row at which the widest gap ends
            for (int i = 1; i < times.length; i++) {
                widest = widest == 0 || times[i] - times[i - 1] > times[widest] - times[widest - 1] ? i : widest;
            }
            // Of the two rows beside the gap, the one nearer to an end of the file is probably the wrong one.
            int culprit = widest > 0 && widest <= times.length / 2 ? widest - 1 : widest;
            throw new DataException(file, line(culprit), column,
                    "the time " + format.format(times[culprit]) + " is too far from the others" + ofSeries() + ": "
                            + times.length + " rows would become " + steps + " steps of " + axis.frequency()
                            + "; correct the time or remove the row");
        }
    }

    private void report(int[] steps, RepairLog log) {
        for (int i = 0; i < steps.length; i++) {
            int row = i;
            long shift = Math.abs(times[i] - axis.timeAt(steps[i]));
            if (shift != 0) {
                log.add(RepairReport.Kind.TIMES_SNAPPED, 1, () -> place(row));
                log.extreme(RepairReport.Kind.TIMES_SNAPPED, shift, () -> "by up to "
                        + (format.pattern().equals(TimeFormat.NUMBERS) ? shift : Frequency.ofMillis(shift)));
            }
            int gap = i == 0 ? 0 : steps[i] - steps[i - 1] - 1;
            if (gap < 0) {
                log.add(RepairReport.Kind.ROWS_MERGED, 1, () -> place(row));
                if (isClockChange(i)) {
                    log.extreme(RepairReport.Kind.ROWS_MERGED, 1,
                            () -> "in the hour in which clocks are set back, which"
                                    + " a zone such as --timezone Europe/Berlin tells apart");
                }
            }
            reportGap(gap, i, log);
        }
    }

    private void reportGap(int gap, int row, RepairLog log) {
        if (gap <= 0) return;
        log.add(RepairReport.Kind.STEPS_INSERTED, gap, () -> gap + " before " + place(row));
        log.extreme(RepairReport.Kind.STEPS_INSERTED, gap, () -> "longest gap " + gap);
    }

    /** Whether a row repeats the local time before in a night in which clocks are set back in many countries. */
    private boolean isClockChange(int i) {
        if (format.isAbsolute() || options.zone() != null || times[i] != times[i - 1]) return false;
        LocalDateTime time = TimeAxis.local(times[i]);
        MonthDay day = MonthDay.from(time);
        boolean weekOfChange = !day.isBefore(MonthDay.of(10, 25)) && !day.isAfter(MonthDay.of(11, 7))
                || day.getMonthValue() == 4 && day.getDayOfMonth() <= 7;
        return weekOfChange && time.getDayOfWeek() == DayOfWeek.SUNDAY && time.getHour() >= 1 && time.getHour() <= 2;
    }

    private long line(int i) {
        return lines.get(rows[i]);
    }

    private String place(int i) {
        return "line " + line(i) + " (" + format.format(times[i]) + ")";
    }

    private String ofSeries() {
        return id == null ? "" : " in series " + Printable.quoted(id);
    }
}
