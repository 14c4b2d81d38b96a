package org.ttm4j.ttm.rolling;

/**
 * Sums of the errors of one forecasting method, by channel and horizon step: {@link PointScores} of any number of windows
 * in memory of channels × steps. Not thread-safe.
 *
 * <pre>{@code
 * PointErrors errors = new PointErrors(new double[]{SeasonalScale.of(series, 0, 512, 24)}, 96);
 * errors.add(0, forecast, series, 512); // 96 steps against rows 512 to 607
 * double mase = errors.total().mase();
 * }</pre>
 */
public final class PointErrors {
    private final double[] scales;
    private final int steps;
    // channels × steps each
    private final double[] squared;
    private final double[] absolute;
    private final double[] symmetric;
    private final double[] magnitude;
    private final long[] count;

    /**
     * @param scales of each channel, for the MASE; NaN where a channel has none
     * @param steps of the horizon
     */
    public PointErrors(double[] scales, int steps) {
        this.scales = scales.clone();
        this.steps = steps;
        int cells = Math.multiplyExact(scales.length, steps);
        squared = new double[cells];
        absolute = new double[cells];
        symmetric = new double[cells];
        magnitude = new double[cells];
        count = new long[cells];
    }

    /**
     * Adds the forecast of a channel from an origin. Steps where forecast or truth is NaN are left out.
     *
     * @param forecast one value a step
     * @param series the channel's truths over time
     * @param origin the row of {@code series} that the first step forecasts
     */
    public void add(int channel, float[] forecast, float[] series, int origin) {
        for (int h = 0; h < steps; h++) {
            double truth = series[origin + h];
            double error = truth - forecast[h];
            if (Double.isNaN(error)) continue;
            int cell = channel * steps + h;
            double size = Math.abs(truth) + Math.abs((double) forecast[h]);
            squared[cell] += error * error;
            absolute[cell] += Math.abs(error);
            symmetric[cell] += size == 0 ? 0 : 2 * Math.abs(error) / size;
            magnitude[cell] += Math.abs(truth);
            count[cell]++;
        }
    }

    /** Over all channels and steps. */
    public PointScores total() {
        return scores(0, scales.length, 0, steps);
    }

    /** Over all steps of a channel. */
    public PointScores channel(int channel) {
        return scores(channel, channel + 1, 0, steps);
    }

    /** Over all channels of a step, 0 = the first. */
    public PointScores step(int step) {
        return scores(0, scales.length, step, step + 1);
    }

    /** Of one channel and step. */
    public PointScores cell(int channel, int step) {
        return scores(channel, channel + 1, step, step + 1);
    }

    private PointScores scores(int channelFrom, int channelTo, int stepFrom, int stepTo) {
        double squares = 0;
        double absolutes = 0;
        double symmetrics = 0;
        double magnitudes = 0;
        long pairs = 0;
        double scaled = 0;
        long scaledPairs = 0;
        for (int c = channelFrom; c < channelTo; c++) {
            double ofChannel = 0;
            long pairsOfChannel = 0;
            for (int cell = c * steps + stepFrom; cell < c * steps + stepTo; cell++) {
                squares += squared[cell];
                ofChannel += absolute[cell];
                symmetrics += symmetric[cell];
                magnitudes += magnitude[cell];
                pairsOfChannel += count[cell];
            }
            absolutes += ofChannel;
            pairs += pairsOfChannel;
            if (!Double.isNaN(scales[c])) {
                scaled += ofChannel / scales[c];
                scaledPairs += pairsOfChannel;
            }
        }
        double mse = squares / pairs;
        return new PointScores(pairs, mse, absolutes / pairs, Math.sqrt(mse), scaled / scaledPairs, symmetrics / pairs,
                magnitudes == 0 ? Double.NaN : absolutes / magnitudes);
    }
}
