package org.ttm4j.eval.backtest;

import java.io.IOException;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.series.Rows;

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
