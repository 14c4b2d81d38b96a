package org.ttm4j.eval.backtest;

import java.io.IOException;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.series.Rows;

/** Makes the model of the forecasts that follow. */
@FunctionalInterface
public interface Refit {
    /**
     * A model that has seen the given rows of the series and no others.
     *
     * @throws IOException when a file is at fault
     */
    Forecaster fit(Rows rows) throws IOException, InterruptedException;
}
