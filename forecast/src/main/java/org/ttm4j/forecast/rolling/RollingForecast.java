package org.ttm4j.forecast.rolling;

import java.util.Arrays;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.series.Precision;

/**
 * A forecast from a rolling origin. Immutable by convention: the arrays are the receiver's to keep.
 *
 * @param origin the row that the first step falls on
 * @param doubleValues forecast channels × steps; NaN where a simple forecast has no value to go by
 * @param context the most rows before the origin that the method looks at, by which its errors are scaled
 *     ({@link org.ttm4j.forecast.interval.LocalScales})
 * @param model the name of the model, where a forecaster chooses among several; null otherwise
 * @param quantiles of the same channels and steps; null where there are none
 */
public record RollingForecast(int origin, double[][] doubleValues, int context, String model, Quantiles quantiles) {

    /** Without quantiles. */
    public RollingForecast(int origin, double[][] values, int context, String model) {
        this(origin, values, context, model, null);
    }

    /** The values as float32, made at each call: of those about 1e9 in steps of 64. */
    public float[][] values() {
        return Precision.floats(doubleValues);
    }

    /** The same forecast with these quantiles. */
    public RollingForecast withQuantiles(Quantiles of) {
        return new RollingForecast(origin, doubleValues, context, model, of);
    }

    /**
     * What came: forecast channels × steps of a series (channels × time); NaN beyond its end.
     *
     * @param channels the forecast channels, as of {@link ForecastFunction#channels}
     */
    public double[][] truth(double[][] series, int[] channels) {
        double[][] truth = new double[channels.length][];
        for (int i = 0; i < truth.length; i++) {
            double[] of = series[channels[i]];
            truth[i] = new double[doubleValues[i].length];
            Arrays.setAll(truth[i], h -> origin + h < of.length ? of[origin + h] : Double.NaN);
        }
        return truth;
    }
}
