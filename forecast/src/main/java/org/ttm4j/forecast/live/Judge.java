package org.ttm4j.forecast.live;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.combine.Predictive;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.live.Judged.Kind;
import org.ttm4j.forecast.rolling.Season;

/**
 * Decides for each value of a series, in order, whether it is unusual, and of which kind.
 *
 * <p><b>How wide.</b> Errors above a forecast and below it differ in size, as those of a load with holidays do, and an interval
 * from some earlier origins is rough. Its two ends are as far from the forecast as the weighted geometric mean of what was
 * forecast and of a robust size of the errors on that side so far, the one that {@value #USUAL} of them are within.
 *
 * <p><b>How often.</b> These may still be too narrow or too wide. Each channel has a factor that they are widened by: after a
 * value outside it grows, after any other it shrinks, so that in the long run as many values are outside as the level says,
 * whatever the series does. Factor and sizes are quantile trackers of logarithms (Angelopoulos, Candès and Tibshirani 2023,
 * arXiv:2307.16895), with steps that become smaller (Angelopoulos, Barber and Bates 2024, arXiv:2402.01139).
 *
 * <p><b>Histories.</b> An unusual value would repeat itself in later forecasts and widen their intervals. Forecasts that values
 * are judged by see its forecast in its place, until {@value #SHIFT} values in a row are outside on one side: then the level
 * has changed, and they are seen as they are. Flat values, from the sixth equal one on, are seen as they are only after a
 * week, or a season: a sensor that is stuck does not change the cycle.
 *
 * <p><b>Holidays.</b> In a series by day, an interval is longer by the distance of an unusual value of about the same day a
 * year ago from its forecast.
 *
 * <p>Mutable; for one thread at a time.
 */
final class Judge {
    /** The first step of a tracker and the least, how fast steps become smaller, and from how many values on. */
    private static final double RATE = 0.3;
    private static final double LEAST_RATE = 0.05;
    private static final double DECAY = 0.6;
    private static final double DECAY_FROM = 10;
    /** From so many values on, steps are the least. */
    private static final int SETTLED = (int) Math.ceil(DECAY_FROM * (Math.pow(RATE / LEAST_RATE, 1 / DECAY) - 1));
    /** The share of errors within the size that is tracked. */
    private static final double USUAL = 0.95;
    /** For so many values, that size is at most the least that was forecast: first forecasts may be far too wide. */
    private static final int FEW = 50;
    /** The weight of that size beside what was forecast. */
    private static final double OF_ERRORS = 2.0 / 3;
    /** The logarithm of the first factor: intervals of combinations hold a little less than their level. */
    private static final double FIRST = 0.25;
    /** Bounds of that logarithm, and of that of an end over what was forecast of it. */
    private static final double LEAST = -Math.log(4);
    private static final double MOST = Math.log(8);
    /** The number of consecutive values outside on one side that makes a level shift. */
    private static final int SHIFT = 5;
    /**
     * The fewest equal values in a row that count as flat, and the multiple of the longest such run so far that they must
     * reach.
     */
    private static final int FLAT = 6;
    private static final int FLATTER = 2;
    /** A cycle is missing where values vary by less than this share of the variance a season or a week ago, and follow less. */
    private static final double VARIED = 0.25;
    private static final double FOLLOWED = 0.3;
    private static final int DAYS = 7;
    /** Days from a holiday to that of the next year: of a date, or of a weekday in a month. */
    private static final int[] YEAR = {364, 365, 366, 371};

    /** Steps from a value to the one that it is like: a week of days, or of shorter steps. */
    private final int period;
    /** Steps of the season; 1 for none. */
    private final int season;
    private final boolean isDaily;
    private final Channel[] channels;
    /** The rows that later histories contain in place of unusual ones, by step. */
    private final TreeMap<Long, double[]> replaced = new TreeMap<>();
    /** The forecast to judge by; null if there is none. */
    private Expected expected;
    /** True if intervals and histories are adapted; false if the intervals learn by themselves. */
    private boolean adapts = true;

    private static final class Channel {
        /** The logarithm of the factor. */
        double factor = FIRST;
        int judged;
        /** The size of errors below and above the forecast, 0 until there is one, and how many there were. */
        final double[] sizes = new double[2];
        final int[] errors = new int[2];
        /** Values in a row above the interval, or below it as a negative number. */
        int outside;
        /** Values in a row that are the same, and the most of these in the history. */
        int same;
        int most = Integer.MAX_VALUE;
        double last = Double.NaN;
        /** Means over about half a season: value, the one a period before, their product and their squares. */
        final double[] means = new double[5];
        int counted;

        static final int BYTES = 2 * Double.BYTES + 4 * Integer.BYTES + 5 * Double.BYTES + 2 * Double.BYTES
                + 3 * Integer.BYTES;

        private static double rate(int after) {
            return Math.max(LEAST_RATE, RATE * Math.pow(1 + after / DECAY_FROM, -DECAY));
        }

        /** Half an interval of a level over the size of errors, of a normal distribution. */
        private static double overSize(double level) {
            return Predictive.normal((1 + level) / 2) / Predictive.normal((1 + USUAL) / 2);
        }

        /** How far the end of the interval is from the forecast, where {@code ahead} was forecast. */
        double distance(int side, double ahead, double level) {
            if (ahead == 0) return 0;
            double ofErrors = sizes[side] == 0 ? 0 : Math.log(sizes[side] * overSize(level) / ahead);
            return ahead * Math.exp(Math.clamp(factor + OF_ERRORS * ofErrors, LEAST, MOST));
        }

        /** Learns from an error and whether it was outside; neither it nor {@code ahead} is 0. */
        void learn(int side, double ahead, double error, boolean isOutside, double level) {
            double forecast = ahead / overSize(level);
            if (sizes[side] == 0 || judged < FEW && sizes[side] > forecast) sizes[side] = forecast;
            double change = (error > sizes[side] ? 1 : 0) - (1 - USUAL);
            sizes[side] *= Math.exp(rate(errors[side]++) * change);
            factor = Math.clamp(factor + rate(judged++) * ((isOutside ? 1 : 0) - (1 - level)), LEAST, MOST);
        }

        void write(ByteBuffer to) {
            to.putDouble(factor).putInt(outside).putInt(same).putInt(most).putDouble(last).putInt(counted);
            for (double mean : means) to.putDouble(mean);
            to.putInt(judged);
            for (int side = 0; side < sizes.length; side++) to.putDouble(sizes[side]).putInt(errors[side]);
        }

        void read(ByteBuffer from, boolean hasSizes) {
            // Earlier versions had no bounds.
            factor = Math.clamp(from.getDouble(), LEAST, MOST);
            outside = from.getInt();
            same = from.getInt();
            most = from.getInt();
            last = from.getDouble();
            counted = from.getInt();
            for (int i = 0; i < means.length; i++) means[i] = from.getDouble();
            // How many values earlier versions had learnt the factor from is not known: it may be months of them.
            judged = hasSizes ? from.getInt() : SETTLED;
            if (!hasSizes) return;
            for (int side = 0; side < sizes.length; side++) {
                sizes[side] = from.getDouble();
                errors[side] = from.getInt();
            }
        }

        Kind kind(double value, double before, double half, int side, int season) {
            same = value == last ? same + 1 : 1;
            last = value;
            outside = side == 0 || outside * side < 0 ? side : outside + side;
            boolean lacksCycle = season > 1 && !Double.isNaN(before) && lacksCycle(value, before, half, season);
            if (isFlat()) {
                counted = 0;
                return Kind.FLAT;
            }
            if (lacksCycle) return Kind.MISSING_CYCLE;
            return side == 0 ? Kind.USUAL : Math.abs(outside) < SHIFT ? Kind.SPIKE : Kind.LEVEL_SHIFT;
        }

        private boolean isFlat() {
            return same >= Math.max(FLAT, (long) FLATTER * most);
        }

        /** Whether values varied by more than an interval a period ago, and do no more. */
        private boolean lacksCycle(double value, double before, double half, int season) {
            counted++;
            double weight = 1.0 / Math.min(Math.ceilDiv(season, 2), counted);
            double[] now = {value, before, value * before, value * value, before * before};
            for (int i = 0; i < now.length; i++) means[i] += weight * (now[i] - means[i]);
            double covariance = means[2] - means[0] * means[1];
            double variance = means[3] - means[0] * means[0];
            double usual = means[4] - means[1] * means[1];
            return counted >= season && usual > half * half && variance < VARIED * usual
                    && covariance < FOLLOWED * usual;
        }
    }

    Judge(ForecastRequest wanted) {
        Season ofCalendar = Season.of(wanted.frequency().orElse(null), Integer.MAX_VALUE);
        season = wanted.season().orElse(ofCalendar.steps());
        period = wanted.season().isEmpty() && ofCalendar.name().equals("day") ? DAYS * season : season;
        isDaily = ofCalendar.name().equals("week") && ofCalendar.steps() == DAYS;
        channels = new Channel[wanted.channels()];
        Arrays.setAll(channels, c -> new Channel());
    }

    /** Stops adapting intervals and histories. */
    void leaveAsTheyAre() {
        adapts = false;
        replaced.clear();
        for (Channel channel : channels) {
            channel.factor = 0;
            Arrays.fill(channel.sizes, 0);
        }
    }

    boolean isIdle() {
        return expected == null;
    }

    /** Judges later values by a forecast from this history. */
    void expect(Expected forecast, double[][] history) {
        expected = forecast;
        for (int c = 0; c < channels.length; c++) {
            if (!channels[c].isFlat()) channels[c].most = mostEqual(history[c]);
        }
    }

    /** The most equal values in a row, without those at the end and the missing; where none differs, any number is usual. */
    private static int mostEqual(double[] history) {
        double[] values = Arrays.stream(history).filter(value -> !Double.isNaN(value)).toArray();
        int end = values.length - 1;
        while (end > 0 && values[end - 1] == values[end]) end--;
        if (end <= 0) return Integer.MAX_VALUE;
        int most = 1;
        int same = 1;
        for (int t = 1; t < end; t++) {
            same = values[t] == values[t - 1] ? same + 1 : 1;
            most = Math.max(most, same);
        }
        return most;
    }

    /** A history up to a step, with forecasts in place of what was unusual. */
    double[][] usual(double[][] history, long last) {
        long first = last + 1 - history[0].length;
        replaced.headMap(first).clear();
        for (Map.Entry<Long, double[]> row : replaced.headMap(last, true).entrySet()) {
            int t = (int) (row.getKey() - first);
            for (int c = 0; c < history.length; c++) {
                if (!Double.isNaN(row.getValue()[c])) history[c][t] = row.getValue()[c];
            }
        }
        return history;
    }

    /** Judges the values of a step, once for each; none where it was not forecast, or they are missing. */
    List<Judged> judge(long step, long index, ValueWindow window) {
        double[] row = window.at(step);
        List<Judged> judged = new ArrayList<>();
        if (expected == null) return judged;
        for (int i = 0; i < expected.channels().length; i++) {
            if (!expected.covers(i, step, row)) continue;
            int c = expected.channels()[i];
            double[] steps = expected.at(i, step);
            Channel channel = channels[c];
            double[] ahead = {Math.max(0, steps[0] - steps[1]), Math.max(0, steps[2] - steps[0])};
            double below = channel.distance(0, ahead[0], expected.level());
            double above = channel.distance(1, ahead[1], expected.level());
            double[] unusual = aYearAgo(window, step, c);
            Judged one = Judged.of(index, c, row[c], steps[0], steps[0] - below - unusual[0],
                    steps[0] + above + unusual[1], expected.level(), expected.ranges()[i]);
            int end = row[c] > steps[0] ? 1 : 0;
            int side = one.isAnomaly() ? 2 * end - 1 : 0;
            double error = Math.abs(row[c] - steps[0]);
            boolean recurs = unusual[end] > 0 && error > (end == 0 ? below : above);
            Kind kind = channel.kind(row[c], before(window, step - period, c), (below + above) / 2, side, season);
            boolean isStuck = kind == Kind.FLAT && channel.same <= period;
            // Exact forecasts, as of an idle channel, and intervals without width teach nothing about the width.
            if (adapts && !isStuck && ahead[end] > 0 && Judged.differ(row[c], steps[0], expected.ranges()[i])) {
                channel.learn(end, ahead[end], error, one.isAnomaly(), expected.level());
            }
            if (adapts) {
                replace(step, c, side != 0 || recurs || isStuck ? steps[0] : Double.NaN,
                        isStuck ? 0 : Math.abs(channel.outside));
            }
            judged.add(one.as(kind));
        }
        double mean = judged.stream().mapToDouble(one -> one.score() * one.score()).average().orElse(0);
        return judged.stream().map(one -> one.withRowScore(Math.sqrt(mean))).toList();
    }

    private double before(ValueWindow window, long step, int c) {
        double[] instead = replaced.get(step);
        return instead == null || Double.isNaN(instead[c]) ? window.at(step)[c] : instead[c];
    }

    /** How far below and above their forecasts unusual values of about the same day a year ago were; 0 for none. */
    private double[] aYearAgo(ValueWindow window, long step, int c) {
        double[] most = new double[2];
        for (int days : isDaily ? YEAR : new int[0]) {
            double[] forecast = replaced.get(step - days);
            if (forecast == null || Double.isNaN(forecast[c])) continue;
            double error = window.at(step - days)[c] - forecast[c];
            if (Double.isNaN(error)) continue;
            int side = error > 0 ? 1 : 0;
            most[side] = Math.max(most[side], Math.abs(error));
        }
        return most;
    }

    private void replace(long step, int c, double forecast, int outside) {
        if (outside == SHIFT) {
            // The consecutive unusual values before it, and missing values between them.
            replaced.headMap(step, false)
                    .descendingMap()
                    .values()
                    .stream()
                    .filter(row -> !Double.isNaN(row[c]))
                    .limit(SHIFT - 1)
                    .forEach(row -> row[c] = Double.NaN);
        }
        if (Double.isNaN(forecast) || outside >= SHIFT) return;
        replaced.computeIfAbsent(step,
                none -> DoubleStream.generate(() -> Double.NaN).limit(channels.length).toArray())[c] = forecast;
    }

    /** Bytes that {@link #write} takes. */
    int bytes() {
        return Expected.bytes(expected) + channels.length * Channel.BYTES + Integer.BYTES
                + replaced.size() * (Long.BYTES + channels.length * Double.BYTES);
    }

    void write(ByteBuffer to) {
        Expected.write(expected, to);
        for (Channel channel : channels) channel.write(to);
        to.putInt(replaced.size());
        replaced.forEach((step, row) -> {
            to.putLong(step);
            for (double value : row) to.putDouble(value);
        });
    }

    /** Reads what {@link #write} wrote, or the forecast alone or all but the sizes, as earlier versions wrote it. */
    void read(ByteBuffer from, boolean isWhole, boolean hasSizes) {
        expected = Expected.read(from, channels.length);
        if (!isWhole) return;
        for (Channel channel : channels) channel.read(from, hasSizes);
        for (int left = from.getInt(); left > 0; left--) {
            long step = from.getLong();
            double[] row = new double[channels.length];
            for (int c = 0; c < row.length; c++) row[c] = from.getDouble();
            replaced.put(step, row);
        }
    }

    /**
     * A forecast that values are judged by.
     *
     * @param origin the last step that it saw
     * @param level of the outermost interval
     * @param channels that are forecast
     * @param ranges for each of them, how far its values that the forecast saw lie apart; NaN where none was observed
     * @param steps for each of them: forecast, lower and upper end, each of them by step
     */
    record Expected(long origin, double level, int[] channels, double[] ranges, double[][][] steps) {

        static Expected of(long origin, double[][] history, Forecast forecast, Quantiles quantiles) {
            int[] channels = forecast.channels();
            double[] levels = quantiles.levels();
            double[][][] steps = new double[channels.length][][];
            double[][] values = forecast.doubleValues();
            for (int i = 0; i < steps.length; i++) {
                double[][] ofLevels = quantiles.ofChannel(i);
                steps[i] = new double[][]{values[i], ofLevels[0], ofLevels[levels.length - 1]};
            }
            return new Expected(origin, levels[levels.length - 1] - levels[0], channels,
                    Arrays.stream(channels).mapToDouble(c -> range(history[c])).toArray(), steps);
        }

        static double range(double[] values) {
            DoubleSummaryStatistics seen = Arrays.stream(values)
                    .filter(value -> !Double.isNaN(value))
                    .summaryStatistics();
            return seen.getCount() == 0 ? Double.NaN : seen.getMax() - seen.getMin();
        }

        /** Whether a step was forecast of a channel, by its index here, whose value is there. */
        boolean covers(int index, long step, double[] row) {
            long ahead = step - origin - 1;
            return !Double.isNaN(row[channels[index]]) && !Double.isNaN(ranges[index]) && ahead >= 0
                    && ahead < steps[index][0].length;
        }

        /** The forecast of a step and the ends of its interval. */
        double[] at(int index, long step) {
            int ahead = (int) (step - origin - 1);
            return new double[]{steps[index][0][ahead], steps[index][1][ahead], steps[index][2][ahead]};
        }

        /** The number of bytes that {@link #write} writes for a forecast, which may be null. */
        static int bytes(Expected of) {
            if (of == null) return Integer.BYTES;
            int each = Integer.BYTES + Double.BYTES * (1 + 3 * of.steps[0][0].length);
            return 2 * Integer.BYTES + Long.BYTES + Double.BYTES + of.channels.length * each;
        }

        static void write(Expected of, ByteBuffer to) {
            to.putInt(of == null ? 0 : of.channels.length);
            if (of == null) return;
            to.putInt(of.steps[0][0].length).putLong(of.origin).putDouble(of.level);
            for (int i = 0; i < of.channels.length; i++) {
                to.putInt(of.channels[i]).putDouble(of.ranges[i]);
                for (double[] numbers : of.steps[i]) for (double number : numbers) to.putDouble(number);
            }
        }

        /** Reads what {@link #write} wrote for a series of at most {@code most} channels. */
        static Expected read(ByteBuffer from, int most) {
            int channels = from.getInt();
            if (channels == 0) return null;
            int horizon = from.getInt();
            boolean isWhole = channels > 0 && horizon > 0
                    && horizon <= from.remaining() / (3 * Double.BYTES) / channels;
            if (!isWhole) throw new BufferUnderflowException();
            Expected of = new Expected(from.getLong(), from.getDouble(), new int[channels], new double[channels],
                    new double[channels][3][horizon]);
            for (int i = 0; i < channels; i++) {
                of.channels[i] = from.getInt();
                if (of.channels[i] < 0 || of.channels[i] >= most) throw new BufferUnderflowException();
                of.ranges[i] = from.getDouble();
                for (double[] numbers : of.steps[i]) for (int t = 0; t < horizon; t++) numbers[t] = from.getDouble();
            }
            return of;
        }
    }
}
