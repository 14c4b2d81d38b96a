package org.ttm4j.forecast;

import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.forecast.rolling.ForecastFunction;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Gaps;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

/**
 * The forecasts that a forecaster would have made from any row of a series, for
 * {@link org.ttm4j.forecast.rolling.RollingForecasts}. Exogenous channels are taken as known; their missing steps are
 * interpolated, so that every origin counts. Immutable and thread-safe. The package {@code rolling} has an example.
 */
public final class PastForecasts implements ForecastFunction {
    /** Enough for full tiles of the model, in little memory. */
    private static final int SERIES_AT_A_TIME = 64;

    private final Forecaster forecaster;
    private final ForecastRequest series;
    private final int[] channels;
    /** Exogenous channels or drivers × time; null without. */
    private final double[][] known;
    private final int[] categorical;

    private PastForecasts(Forecaster forecaster, ForecastRequest series, int drivers, int... categorical) {
        RunRules.requireGiven("forecaster", forecaster);
        RunRules.requireGiven("series", series);
        TtmConfig config = forecaster.info().longestModel().config();
        this.forecaster = forecaster;
        this.series = series;
        this.categorical = categorical.clone();
        int targets = series.rows().length - drivers;
        channels = config.predictionChannels(targets);
        int[] exogenous = drivers > 0
                ? IntStream.range(targets, targets + drivers).toArray()
                : config.usesExogenous() ? config.exogenousChannels() : null;
        known = exogenous == null ? null : known(series.rows(), exogenous);
        for (int row : categorical) known[row] = repeated(series.rows()[targets + row]);
    }

    /**
     * The forecasts of a series.
     *
     * @param series all of its rows as the history, with their frequency and static categories; its horizon and known
     *     future do not count
     * @throws IllegalArgumentException when the model needs a channel that the series does not have
     */
    public static PastForecasts of(Forecaster forecaster, ForecastRequest series) {
        return new PastForecasts(forecaster, series, 0);
    }

    /**
     * The forecasts of a combination which knows the future of some
     * channels. Other forecasters refuse the requests.
     *
     * @param series as above
     * @param drivers how many of its last channels are known and not forecast
     * @param categorical those among them, from 0 on, whose values are codes of categories
     * @throws IllegalArgumentException when they leave no channel to forecast, or one of categories is not among them
     */
    public static PastForecasts withDrivers(Forecaster forecaster, ForecastRequest series, int drivers,
            int... categorical) {
        RunRules.requireGiven("series", series);
        if (drivers < 0 || drivers >= series.rows().length) {
            throw new IllegalArgumentException(
                    drivers + " drivers of " + series.rows().length + " channels: expected at least one to forecast");
        }
        series.withKnownFuture(new double[drivers][0]).withCategoricalDrivers(categorical); // refuses others
        return new PastForecasts(forecaster, series, drivers, categorical);
    }

    @Override
    public int[] channels() {
        return channels.clone();
    }

    @Override
    public int originsAtATime() {
        return Math.max(1, SERIES_AT_A_TIME / series.rows().length);
    }

    /**
     * The forecasts from each origin.
     *
     * @throws IllegalArgumentException as {@link Forecaster#forecast(ForecastRequest)}, or when an origin lies beyond the end
     *     of the series, or its steps where some channels are known
     */
    @Override
    public List<RollingForecast> forecast(Origins origins) {
        RunRules.requireGiven("origins", origins);
        for (int i = 0; i < origins.count(); i++) requireKnown(origins.at(i), known == null ? 0 : origins.horizon());
        List<ForecastResult> forecasts = forecaster.forecastAll(
                IntStream.range(0, origins.count()).mapToObj(i -> request(origins, origins.at(i))).toList());
        return IntStream.range(0, origins.count())
                .mapToObj(i -> rolling(forecasts.get(i).orElseThrow(), origins.at(i)))
                .toList();
    }

    private void requireKnown(int origin, int steps) {
        int rows = series.rows()[0].length;
        if (origin + steps <= rows) return;
        throw new IllegalArgumentException("origin " + origin + ": the series has " + rows + " rows"
                + (steps == 0 ? "" : ", and " + steps + " steps from there are to be known"));
    }

    /** A forecast as one from an origin. */
    public static RollingForecast rolling(Forecast forecast, int origin) {
        return new RollingForecast(origin, forecast.doubleValues(), forecast.context(), forecast.chosen(),
                forecast.quantiles().orElse(null));
    }

    private ForecastRequest request(Origins origins, int origin) {
        ForecastRequest request = series.withRows(origins.contextOf(origin)).withHorizon(origins.horizon());
        if (known == null) return request;
        return request.withKnownFuture(new Rows(origin, origin + origins.horizon()).of(known))
                .withCategoricalDrivers(categorical);
    }

    /** Codes of categories: the one before stands in each gap, and the first in that at the beginning. */
    private static double[] repeated(double[] codes) {
        double[] known = codes.clone();
        for (int t = 1; t < known.length; t++) if (Double.isNaN(known[t])) known[t] = known[t - 1];
        for (int t = known.length - 2; t >= 0; t--) if (Double.isNaN(known[t])) known[t] = known[t + 1];
        return known;
    }

    /** The exogenous channels without gaps. */
    private static double[][] known(double[][] series, int[] exogenous) {
        double[][] known = new double[exogenous.length][];
        for (int i = 0; i < known.length; i++) {
            if (exogenous[i] >= series.length) {
                throw new IllegalArgumentException(
                        "the model needs channel " + exogenous[i] + ", there are only " + series.length);
            }
            known[i] = Gaps.filled(series[exogenous[i]], series[exogenous[i]].length);
        }
        return known;
    }
}
