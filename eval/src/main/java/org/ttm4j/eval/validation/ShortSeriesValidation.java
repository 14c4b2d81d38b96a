package org.ttm4j.eval.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.ttm4j.data.synthetic.ShortSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;

/** Measures forecasts on generated {@link ShortSeries}. Stateless and thread-safe. */
public final class ShortSeriesValidation {
    /** The number of series in each group. */
    public static final int SERIES = 40;

    private static final QuantileGrid GRID = QuantileGrid.of(0.8);

    private ShortSeriesValidation() {}

    /**
     * The errors on one group.
     *
     * @param withQuantiles the number of series whose forecast has quantiles
     * @param model the errors of the forecaster, including those of its quantiles
     * @param naive the errors of the seasonal naive forecast
     */
    public record GroupScore(ShortSeries.Group group, int withQuantiles, Scores model, Scores naive) {

        /** The mean absolute error divided by that of the seasonal naive forecast. */
        public double ratio() {
            return model.mae() / naive.mae();
        }
    }

    /**
     * Measures a forecaster on all groups.
     *
     * @param executor whose threads help; may be null
     * @throws IllegalArgumentException when the forecaster cannot forecast such series
     */
    public static List<GroupScore> scores(Forecaster forecaster, long seed, Executor executor) {
        return ShortSeries.groups().stream().map(group -> score(forecaster, group, seed, executor)).toList();
    }

    private static GroupScore score(Forecaster forecaster, ShortSeries.Group group, long seed, Executor executor) {
        double[][] series = new double[SERIES][];
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            series[i] = Precision.doubles(ShortSeries.draw(group, seed, i));
            requests.add(ForecastRequest.of(new double[][]{Arrays.copyOf(series[i], group.rows())})
                    .withFrequency(group.frequency())
                    .withHorizon(group.horizon())
                    .withQuantiles(ConformalIntervals.deciles()));
        }
        ForecastErrors model = new ForecastErrors(1, group.horizon(), GRID);
        ForecastErrors naive = new ForecastErrors(1, group.horizon(), GRID);
        Origins origin = new Origins(group.rows(), 1, 1, group.horizon(), group.rows());
        List<ForecastResult> results = forecaster.forecastAll(requests, Execution.ALONE.withExecutor(executor));
        int withQuantiles = 0;
        for (int i = 0; i < SERIES; i++) {
            Forecast forecast = results.get(i).orElseThrow();
            model.add(0, forecast.doubleValues()[0], series[i], group.rows(), Double.NaN);
            RollingForecast last = SimpleForecast.SEASONAL_NAIVE
                    .on(new double[][]{series[i]}, new int[]{0}, group.season())
                    .forecast(origin)
                    .get(0);
            naive.add(0, last.doubleValues()[0], series[i], group.rows(), Double.NaN);
            if (forecast.quantiles().isEmpty()) continue;
            withQuantiles++;
            model.addQuantiles(0, forecast.quantiles().get().ofChannel(0), series[i], group.rows());
        }
        return new GroupScore(group, withQuantiles, model.total(), naive.total());
    }
}
