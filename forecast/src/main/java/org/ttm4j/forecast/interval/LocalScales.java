package org.ttm4j.forecast.interval;

/**
 * The scale of the errors of a forecast: the square root of the standard deviation of its context. The deviation itself makes
 * intervals too wide after a disturbance and too narrow before one; the root, halfway to one scale for all contexts, gave the
 * narrowest intervals of equal coverage (docs/measurements/combination.md). Stateless.
 */
public final class LocalScales {
    private LocalScales() {}

    /**
     * The scales of some channels.
     *
     * @param history channels × time, NaN = missing
     * @param end the end of the context, excluded; at most the length of the history
     * @param context steps of the context; a shorter history is taken whole
     * @param channels of the history
     * @return one for each of these channels; 0 where nothing varies
     */
    public static float[] of(double[][] history, int end, int context, int[] channels) {
        float[] scales = new float[channels.length];
        for (int i = 0; i < channels.length; i++) {
            scales[i] = (float) Math.sqrt(deviation(history[channels[i]], Math.max(0, end - context), end));
        }
        return scales;
    }

    private static double deviation(double[] series, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int t = from; t < to; t++) {
            if (Double.isNaN(series[t])) continue;
            sum += series[t];
            count++;
        }
        double mean = sum / count;
        double squares = 0;
        for (int t = from; t < to; t++) {
            if (!Double.isNaN(series[t])) squares += (series[t] - mean) * (series[t] - mean);
        }
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }
}
