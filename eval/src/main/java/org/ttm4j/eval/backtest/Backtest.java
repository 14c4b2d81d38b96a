package org.ttm4j.eval.backtest;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.RollingForecasts;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

/**
 * Forecasts a series from rolling origins, each time from the rows before the origin, and measures every forecast as
 * soon as it is made, so that memory does not grow with the number of windows. Errors are in the units of the values.
 * The result does not depend on the number of threads, bit for bit. Immutable.
 *
 * <pre>{@code
 * Backtest backtest = new Backtest(ForecastRequest.of(values).withFrequency(Duration.ofHours(1)), plan, 0);
 * BacktestResult result = backtest.run(rows -> forecaster, 2, windows -> {});
 * double mase = result.model().total().mase();
 * }</pre>
 *
 * <p>A forecast combination can have known future values of some channels, and is then also measured without these.
 *
 * @param series all rows as the history, with frequency and static categories
 * @param plan without refits where there are drivers
 * @param drivers the number of its last channels that are known and not forecast
 * @param categorical those among them, from 0 on, whose values are codes of categories
 */
public record Backtest(ForecastRequest series, BacktestPlan plan, int drivers, int... categorical) {

    /** Makes the model for the following forecasts. */
    @FunctionalInterface
    public interface Refit {
        /**
         * A model that was trained on the given rows of the series and on no others.
         *
         * @throws IOException when a file cannot be read
         */
        Forecaster fit(Rows rows) throws IOException, InterruptedException;
    }

    /** Throws IllegalArgumentException when there are drivers and refits. */
    public Backtest {
        if (drivers > 0 && plan.refit() > 0) {
            throw new IllegalArgumentException("drivers of a combination, which is not fine-tuned, and refits");
        }
        categorical = categorical.clone();
    }

    @Override
    public int[] categorical() {
        return categorical.clone();
    }

    /**
     * Runs the backtest. A model is made at the first origin and, if the plan says so, again after every
     * {@link BacktestPlan#refit} rows.
     *
     * @param refit makes each model; {@code rows -> forecaster} uses the same model for all origins
     * @param progress receives the number of windows of each finished batch, from one thread at a time; with drivers,
     *     every window counts twice
     * @throws IOException when {@code refit} throws it
     * @throws InterruptedException when this thread is interrupted
     * @throws IllegalArgumentException when the model cannot use the windows, a forecast is NaN, or there are drivers
     *     and the model is not a combination
     */
    public BacktestResult run(Refit refit, int threads, IntConsumer progress) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int period = plan.season().steps();
        double[][] values = series.history();
        Origins origins = plan.origins();
        Origins lookingBack = plan.lookingBack();
        BacktestScores scores = null;
        int[] channels = null;
        int fits = 0;
        ForecastErrors withoutDrivers = null;
        for (int from = 0, to; from < origins.count(); from = to) {
            Forecaster forecaster = refit.fit(lookingBack.contextOf(origins.at(from)));
            fits++;
            to = plan.refit() == 0
                    ? origins.count()
                    : (int) Math.min(origins.count(), from + ((long) plan.refit() - 1) / origins.stride() + 1);
            PastForecasts past = past(forecaster);
            if (scores == null) {
                channels = past.channels();
                scores = new BacktestScores(values, plan, channels, makesQuantiles(forecaster));
            }
            RollingForecasts.run(past, origins.part(from, to), threads, scores::add, progress);
            if (drivers > 0) withoutDrivers = withoutDrivers(forecaster, values, channels.length, threads, progress);
        }
        Map<SimpleForecast, ForecastErrors> simple = new EnumMap<>(SimpleForecast.class);
        for (SimpleForecast method : SimpleForecast.values()) {
            simple.put(method,
                    RollingForecasts.errors(method.on(values, channels, period), values, lookingBack, period, threads));
        }
        return scores.result(simple, withoutDrivers, plan.refit() == 0 ? 0 : fits, (System.nanoTime() - begin) / 1e9);
    }

    private PastForecasts past(Forecaster forecaster) {
        if (drivers > 0 && !forecaster.info().combines()) {
            throw new IllegalArgumentException("drivers: only a combination uses them without fine-tuning");
        }
        ForecastRequest wanted = makesQuantiles(forecaster) ? series.withQuantiles(plan.grid().quantiles()) : series;
        return PastForecasts.withDrivers(forecaster, wanted, drivers, categorical);
    }

    /** True if the forecasts have the quantiles of the plan; those of repeatedly fine-tuned models do not. */
    private boolean makesQuantiles(Forecaster forecaster) {
        return plan.refit() == 0 && forecaster.info().intervals().isEmpty()
                && forecaster.info().makesQuantiles(plan.grid().quantiles());
    }

    private ForecastErrors withoutDrivers(Forecaster forecaster, double[][] values, int targets, int threads,
            IntConsumer progress) throws InterruptedException {
        double[] upper = series.upper();
        boolean isOfEach = upper.length > 1;
        // A request has one bound or as many as channels, so that they change one after the other.
        ForecastRequest alone = (isOfEach ? series.withUpper(Double.POSITIVE_INFINITY) : series)
                .withHistory(Arrays.copyOf(values, targets));
        if (isOfEach) alone = alone.withUpper(Arrays.copyOf(upper, targets));
        return RollingForecasts.errors(PastForecasts.of(forecaster, alone), values, plan.origins(),
                plan.season().steps(), threads, progress);
    }
}
