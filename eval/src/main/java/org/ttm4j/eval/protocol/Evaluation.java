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
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Standardization;

/**
 * Measures forecasts on every window of the test rows of a series, as the long-horizon benchmark does: errors are
 * computed on values standardised by the training rows. Missing targets are ignored. The result does not depend on the
 * number of threads, bit for bit.
 *
 * <pre>{@code
 * Evaluation test = Evaluation.ofTest(values, EvaluationProtocol.ETTH, 512, 96, 1);
 * ForecastErrors errors = new ForecastErrors(values.length, 96);
 * test.measure(forecaster, ForecastRequest.of(values).withFrequency(Duration.ofHours(1)), 0, 2, windows -> {}, errors);
 * double mse = errors.total().mse();
 * }</pre>
 *
 * Immutable and thread-safe. Source of the protocol: {@link EvaluationProtocol}.
 */
public final class Evaluation {
    /** Converts original units to those of the errors. */
    private final Standardization standardization;
    /** Channels × time, standardised. */
    private final float[][] values;
    /** The standardised values as doubles. */
    private final double[][] truth;
    private final Origins origins;

    private Evaluation(Standardization standardization, float[][] values, Origins origins) {
        this.standardization = standardization;
        this.values = values;
        truth = Precision.doubles(values);
        this.origins = origins;
    }

    /**
     * The windows of the test rows of a split.
     *
     * @param values channels × time; NaN = missing
     * @param stride rows from one window to the next
     * @throws IllegalArgumentException when a size is below 1, or a part of the split has no window
     */
    public static Evaluation ofTest(double[][] values, Split.Rule rule, int context, int horizon, int stride) {
        Split split = rule.split(values[0].length, context, horizon);
        Standardization standardization = Standardization.fit(values, split.train());
        return new Evaluation(standardization, standardization.apply(values),
                Origins.in(split.test(), context, horizon, stride));
    }

    /** At most the given number of these windows, evenly spaced. */
    public Evaluation thinned(int most) {
        return new Evaluation(standardization, values, origins.thinned(most));
    }

    /** The same windows with up to the given number of rows before each. */
    public Evaluation withHistory(int rows) {
        return new Evaluation(standardization, values, origins.withContext(rows));
    }

    public int windows() {
        return origins.count();
    }

    /**
     * Measures a model on its forecast channels. Longer horizons than the model's are handled as by {@link Forecaster}.
     * A model with {@link org.ttm4j.ttm.train.Channels} receives original units, and so does a combination, which
     * checks for values below 0; other models receive standardised values. The future of exogenous channels is known;
     * their missing steps are interpolated, so that every window can be used.
     *
     * @param original the values in original units, with frequency and static categories
     * @param drivers the number of its last channels of which a forecast combination knows the future, and which are not
     *     forecast
     * @param progress receives the number of windows of each finished batch
     * @param categorical those of the drivers, from 0 on, whose values are codes of categories
     * @throws IllegalArgumentException when the model cannot use the windows, or a forecast is NaN
     * @throws InterruptedException when this thread is interrupted
     */
    public void measure(Forecaster forecaster, ForecastRequest original, int drivers, int threads, IntConsumer progress,
            ForecastErrors errors, int... categorical) throws InterruptedException {
        boolean inOriginalUnits = forecaster.info().channels().isPresent() || forecaster.info().combines();
        ForecastRequest series = inOriginalUnits ? original : original.withHistory(values);
        measure(PastForecasts.withDrivers(forecaster, series, drivers, categorical), inOriginalUnits, threads, progress,
                errors);
    }

    /** Measures a simple forecast from the context for the given channels. */
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
