package org.ttm4j.forecast.live;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.interval.Quantiles;

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
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new double[][]{forecast.doubleValues()[i], quantiles.doubleValues()[0][i],
                    quantiles.doubleValues()[levels.length - 1][i]};
        }
        return new Expected(origin, levels[levels.length - 1] - levels[0], channels,
                Arrays.stream(channels).mapToDouble(c -> range(history[c])).toArray(), steps);
    }

    static double range(double[] values) {
        DoubleSummaryStatistics seen = Arrays.stream(values).filter(value -> !Double.isNaN(value)).summaryStatistics();
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

    /** Bytes that {@link #write} takes of one, which may be null. */
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

    /** What {@link #write} wrote, of a series of so many channels. */
    static Expected read(ByteBuffer from, int most) {
        int channels = from.getInt();
        if (channels == 0) return null;
        int horizon = from.getInt();
        boolean isWhole = channels > 0 && horizon > 0 && horizon <= from.remaining() / (3 * Double.BYTES) / channels;
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
