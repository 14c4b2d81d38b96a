package org.ttm4j.eval.table;

import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastRequest;

/** A series of a file as the library takes it. Stateless. */
public final class SeriesRequest {
    private SeriesRequest() {}

    /** A request with all rows of a series as its history, its frequency where it is known, and its start where they are days. */
    public static ForecastRequest of(TimeSeries series) {
        Frequency frequency = series.axis().frequency();
        ForecastRequest request = ForecastRequest.of(series.doubleValues())
                .withKnownFrequency(frequency.toTemporalAmount())
                .withOpenTimes(frequency.openStep(), frequency.openStepsOfDay());
        return series.axis().firstDay().map(request::withStart).orElse(request);
    }
}
