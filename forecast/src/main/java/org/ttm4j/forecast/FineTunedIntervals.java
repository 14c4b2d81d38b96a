package org.ttm4j.forecast;

import java.util.List;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.rolling.Calibration;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuningData;

/** Intervals for a fine-tuned model, from its errors on the validation rows. Stateless. */
public final class FineTunedIntervals {
    private FineTunedIntervals() {}

    /**
     * The deciles of the forecasts, from the errors on the validation rows, those of several series together: then they
     * hold on average over the series, and not for each. A forecaster that is loaded from the folder of the model gives
     * forecasts with these quantiles once they are written there: {@code FineTunedIntervals.of(tuned, data).write(folder)}. Missing
     * values of known-future channels are filled, as in training.
     *
     * @param data what the model was fine-tuned on
     * @throws IllegalArgumentException when there are too few windows with observed values, with how many are needed
     * @throws InterruptedException when this thread is interrupted
     */
    public static ConformalIntervals of(FineTuned tuned, FineTuningData data) throws InterruptedException {
        List<FineTuningData.Series> all = data.series();
        ConformalOptions options = ConformalOptions.defaults();
        if (all.size() == 1) {
            return Calibration.on(past(tuned, all.get(0), data), all.get(0).values(), origins(tuned, all.get(0)),
                    ConformalIntervals.deciles(), options, tuned.options().threads());
        }
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(),
                tuned.model().config().predictionChannels(tuned.channels().inputs().size()).length,
                tuned.model().config().outputLength(), options);
        // The most recent errors are remembered: a few of each series.
        int each = Math.max(1, options.windows() / all.size());
        for (FineTuningData.Series series : all) {
            Calibration.add(intervals, past(tuned, series, data), series.values(), origins(tuned, series).thinned(each),
                    tuned.options().threads());
        }
        Calibration.requireEnough(intervals);
        return intervals;
    }

    private static PastForecasts past(FineTuned tuned, FineTuningData.Series series, FineTuningData data) {
        ForecastRequest rows = ForecastRequest.of(series.values()).withCategories(series.categories());
        return PastForecasts.of(Forecaster.of(tuned.model(), tuned.channels()),
                rows.withKnownFrequency(data.frequency()));
    }

    private static Origins origins(FineTuned tuned, FineTuningData.Series series) {
        return Origins.in(series.validation(), tuned.model().config().contextLength(),
                tuned.model().config().outputLength(), 1);
    }
}
