package org.ttm4j.forecast.live;

import java.nio.ByteBuffer;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.live.Judged.Kind;
import org.ttm4j.forecast.rolling.Season;

/**
 * Says which values of a series are unusual, one after the other, and what kind of unusual they are.
 *
 * <p><b>How often.</b> Intervals of a forecast may be too narrow or too wide for a series. Each channel has a factor that its
 * intervals are widened by: after a value outside it grows, after any other it shrinks, so that in the long run as many values
 * are outside as the level says, whatever the series does. The step is {@value #RATE} of the logarithm. Source: the quantile
 * tracker of Angelopoulos, Candès and Tibshirani 2023, arXiv:2307.16895, section 2.2.
 *
 * <p><b>Histories.</b> An unusual value would repeat itself in later forecasts and widen their intervals. Forecasts that values
 * are judged by see its forecast in its place, until the next value is outside on the same side: what persists is seen as it is.
 *
 * <p>Mutable; for one thread at a time.
 */
final class Judge {
    private static final double RATE = 0.15;
    /** The logarithm of the first factor: intervals of combinations hold a little less than their level. */
    private static final double FIRST = 0.15;
    /** A score that is no chance: it says nothing about the width of the intervals. */
    private static final double BEYOND_CHANCE = 2.5;
    /** Values in a row outside on one side that later forecasts see as they are. */
    private static final int PERSISTS = 2;
    /** Values in a row outside on one side that are a change of level. */
    private static final int SHIFT = 5;
    /** Equal values in a row that are unusual where there were hardly any before, and how many times the most so far. */
    private static final int FLAT = 6;
    private static final int FLATTER = 2;
    /** A cycle is missing where the values follow less than this of what is forecast, and more than the other are outside. */
    private static final double FOLLOWED = 0.3;
    private static final double OUTSIDE = 0.2;

    /** Steps of the season; 1 for none. */
    private final int season;
    private final Channel[] channels;
    /** What later histories have in place of a row, by its step. */
    private final TreeMap<Long, double[]> replaced = new TreeMap<>();
    /** Null for nothing. */
    private Expected expected;
    /** Whether intervals and histories are changed; not where intervals learn by themselves. */
    private boolean adapts = true;

    /** Of one channel. */
    private static final class Channel {
        /** The logarithm of the factor. */
        double factor = FIRST;
        /** Values in a row above the interval, or below it as a negative number. */
        int outside;
        /** Values in a row that are the same, and the most of these in the history. */
        int same;
        int most;
        double last = Double.NaN;
        /** Means over about a season: forecast, value, both squared and multiplied, and the share of values outside. */
        final double[] means = new double[5];
        int counted;

        static final int BYTES = 2 * Double.BYTES + 4 * Integer.BYTES + 5 * Double.BYTES;

        void write(ByteBuffer to) {
            to.putDouble(factor).putInt(outside).putInt(same).putInt(most).putDouble(last).putInt(counted);
            for (double mean : means) to.putDouble(mean);
        }

        void read(ByteBuffer from) {
            factor = from.getDouble();
            outside = from.getInt();
            same = from.getInt();
            most = from.getInt();
            last = from.getDouble();
            counted = from.getInt();
            for (int i = 0; i < means.length; i++) means[i] = from.getDouble();
        }

        Kind kind(double value, double forecast, double half, int side, int season) {
            same = value == last ? same + 1 : 1;
            last = value;
            outside = side == 0 || outside * side < 0 ? side : outside + side;
            if (same >= Math.max(FLAT, (long) FLATTER * most)) return Kind.FLAT;
            if (season > 1 && lacksCycle(value, forecast, half, side, season)) return Kind.MISSING_CYCLE;
            return side == 0 ? Kind.USUAL : Math.abs(outside) < SHIFT ? Kind.SPIKE : Kind.LEVEL_SHIFT;
        }

        /** Whether forecasts vary by more than the interval over a season, and values do not follow. */
        private boolean lacksCycle(double value, double forecast, double half, int side, int season) {
            counted++;
            double weight = 1.0 / Math.min(season, counted);
            double[] now = {forecast, value, forecast * forecast, forecast * value, side == 0 ? 0 : 1};
            for (int i = 0; i < now.length; i++) means[i] += weight * (now[i] - means[i]);
            double variance = means[2] - means[0] * means[0];
            double covariance = means[3] - means[0] * means[1];
            return counted >= season && variance > half * half && means[4] > OUTSIDE
                    && covariance < FOLLOWED * variance;
        }
    }

    Judge(ForecastRequest wanted) {
        TemporalAmount frequency = wanted.frequency().orElse(null);
        season = wanted.season().orElse(Season.of(frequency, Integer.MAX_VALUE).steps());
        channels = new Channel[wanted.channels()];
        Arrays.setAll(channels, c -> new Channel());
    }

    /** From now on, takes intervals and histories as they are. */
    void leaveAsTheyAre() {
        adapts = false;
        replaced.clear();
        for (Channel channel : channels) channel.factor = 0;
    }

    boolean isIdle() {
        return expected == null;
    }

    /** Judges later values by a forecast from this history. */
    void expect(Expected forecast, double[][] history) {
        expected = forecast;
        for (int c = 0; c < channels.length; c++) channels[c].most = mostEqual(history[c]);
    }

    /** The most equal values in a row, without those at the end; all where none differs. */
    private static int mostEqual(double[] values) {
        int end = values.length - 1;
        while (end > 0 && values[end - 1] == values[end]) end--;
        if (end <= 0) return values.length;
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
    List<Judged> judge(long step, long index, double[] row) {
        List<Judged> judged = new ArrayList<>();
        if (expected == null) return judged;
        for (int i = 0; i < expected.channels().length; i++) {
            if (!expected.covers(i, step, row)) continue;
            int c = expected.channels()[i];
            double[] steps = expected.at(i, step);
            Channel channel = channels[c];
            double middle = (steps[1] + steps[2]) / 2;
            double half = Math.exp(channel.factor) * (steps[2] - steps[1]) / 2;
            Judged one = Judged.of(index, c, row[c], steps[0], middle - half, middle + half, expected.level(),
                    expected.ranges()[i]);
            int side = !one.isAnomaly() ? 0 : row[c] > middle ? 1 : -1;
            if (adapts && one.score() < BEYOND_CHANCE)
                channel.factor += RATE * (Math.abs(side) - (1 - expected.level()));
            Kind kind = channel.kind(row[c], steps[0], half, side, season);
            if (adapts) replace(step, c, side == 0 ? Double.NaN : steps[0]);
            judged.add(one.as(kind));
        }
        double mean = judged.stream().mapToDouble(one -> one.score() * one.score()).average().orElse(0);
        return judged.stream().map(one -> one.withRowScore(Math.sqrt(mean))).toList();
    }

    private void replace(long step, int c, double forecast) {
        int outside = Math.abs(channels[c].outside);
        if (outside == PERSISTS) {
            for (double[] row : replaced.tailMap(step - PERSISTS, false).values()) row[c] = Double.NaN;
        }
        if (Double.isNaN(forecast) || outside >= PERSISTS) return;
        replaced.computeIfAbsent(step, none -> {
            double[] row = new double[channels.length];
            Arrays.fill(row, Double.NaN);
            return row;
        })[c] = forecast;
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

    /** Reads what {@link #write} wrote, or the forecast alone, as an earlier version wrote it. */
    void read(ByteBuffer from, boolean isWhole) {
        expected = Expected.read(from);
        if (!isWhole) return;
        for (Channel channel : channels) channel.read(from);
        for (int left = from.getInt(); left > 0; left--) {
            long step = from.getLong();
            double[] row = new double[channels.length];
            for (int c = 0; c < row.length; c++) row[c] = from.getDouble();
            replaced.put(step, row);
        }
    }
}
