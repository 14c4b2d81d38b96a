package org.ttm4j.eval.protocol;

import java.util.function.IntConsumer;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.ForecastFunction;
import org.ttm4j.forecast.rolling.RollingForecasts;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Standardization;

/**
 * Measures forecasts on every window of the test rows of a series, as the long-horizon benchmark does: errors are taken on
 * values that are standardised by the training rows. Missing targets are left out. The result is the same, bit for bit,
 * on any number of threads.
 *
 * <pre>{@code
 * Evaluation test = Evaluation.ofTest(values, EvaluationProtocol.ETTH, 512, 96, 1);
 * ForecastErrors errors = new ForecastErrors(values.length, 96);
 * test.measure(forecaster, ForecastRequest.of(values).withFrequency(Duration.ofHours(1)), 2, windows -> {}, errors);
 * double mse = errors.total().mse();
 * }</pre>
 *
 * Immutable and thread-safe. Source of the protocol: {@link EvaluationProtocol}.
 */
public final class Evaluation {
    /** From original units to those of the errors. */
    private final Standardization standardization;
    /** Channels × time, standardised. */
    private final float[][] values;
    /** The same as doubles. */
    private final double[][] truth;
    private final Origins origins;

    private Evaluation(Standardization standardization, float[][] values, Origins origins) {
        this.standardization = standardization;
        this.values = values;
        truth = ForecastRequest.of(values).history();
        this.origins = origins;
    }

    /**
     * The windows of the test rows of a split.
     *
     * @param values channels × time; NaN = missing
     * @param stride rows from one window to the next
     * @throws IllegalArgumentException when a size is below 1, or a part of the split holds no window
     */
    public static Evaluation ofTest(double[][] values, SplitRule rule, int context, int horizon, int stride) {
        Split split = rule.split(values[0].length, context, horizon);
        Standardization standardization = Standardization.fit(values, split.train());
        return new Evaluation(standardization, standardization.apply(values),
                Origins.in(split.test(), context, horizon, stride));
    }

    /** As {@link #ofTest(double[][], SplitRule, int, int, int)}. */
    public static Evaluation ofTest(float[][] values, SplitRule rule, int context, int horizon, int stride) {
        return ofTest(ForecastRequest.of(values).history(), rule, context, horizon, stride);
    }

    /** At most so many of these windows, evenly spread. */
    public Evaluation thinned(int most) {
        return new Evaluation(standardization, values, origins.thinned(most));
    }

    /** The same windows with as many rows before each, where the series has them. */
    public Evaluation withHistory(int rows) {
        return new Evaluation(standardization, values, origins.withContext(rows));
    }

    /** The number of windows measured. */
    public int windows() {
        return origins.count();
    }

    /**
     * Measures a model on its forecast channels. A horizon longer than its own is reached as {@link Forecaster} does. A
     * model with {@link org.ttm4j.ttm.train.Channels} gets original units, as does a combination, which looks whether values are
     * below 0; any other gets standardised values. Exogenous channels are known; their missing steps are interpolated, so
     * that every window counts.
     *
     * @param original the values as they were, with their frequency and static categories
     * @param threads that forecast at the same time
     * @param progress takes the number of windows of each batch that is done
     * @param errors takes the errors
     * @throws IllegalArgumentException when the model cannot use such windows, or forecasts what is not a number
     * @throws InterruptedException when this thread is interrupted
     */
    public void measure(Forecaster forecaster, ForecastRequest original, int threads, IntConsumer progress,
            ForecastErrors errors) throws InterruptedException {
        boolean inOriginalUnits = forecaster.info().channels().isPresent() || forecaster.info().combines();
        ForecastRequest series = inOriginalUnits ? original : original.withHistory(values);
        measure(PastForecasts.of(forecaster, series), inOriginalUnits, threads, progress, errors);
    }

    /**
     * Measures a combination which knows the future of the last channels; these are not forecast.
     *
     * @param drivers how many they are
     */
    public void measure(Forecaster forecaster, ForecastRequest original, int drivers, int threads, IntConsumer progress,
            ForecastErrors errors) throws InterruptedException {
        measure(PastForecasts.withDrivers(forecaster, original, drivers), true, threads, progress, errors);
    }

    /** Measures a simple forecast from the context on some channels. */
    public void measure(SimpleForecast method, int[] channels, int period, int threads, ForecastErrors errors)
            throws InterruptedException {
        measure(method.on(truth, channels, period), false, threads, done -> {}, errors);
    }

    private void measure(ForecastFunction function, boolean inOriginalUnits, int threads, IntConsumer progress,
            ForecastErrors errors) throws InterruptedException {
        int[] channels = function.channels();
        RollingForecasts.run(function, origins, threads, forecast -> {
            for (int i = 0; i < channels.length; i++) {
                double[] made = forecast.doubleValues()[i];
                errors.add(i, inOriginalUnits ? standardization.apply(channels[i], made) : made, truth[channels[i]],
                        forecast.origin(), Double.NaN);
            }
        }, progress);
    }
}
