package org.ttm4j.spark;

import java.io.Serializable;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.SharedForecasters;

/**
 * The settings of a forecast, which the driver sends to the executors. Immutable.
 *
 * @param horizon steps; 0 for the usual
 * @param quantiles levels, ascending; empty for none
 * @param every the frequency in ISO 8601; null to detect it
 * @param model the name of the model for {@link SharedForecasters}
 * @param mode the mode of the forecast
 * @param zone Spark's name of the time zone for steps of a day or longer; null for local times, which are not shifted
 */
record ForecastSpec(int horizon, double[] quantiles, String every, String model, ForecastMode mode,
        String zone) implements Serializable {
    private static final TimeFormat INSTANT = new TimeFormat("uuuu-MM-dd HH:mm:ssXXX", ZoneOffset.UTC);
    private static final TimeFormat LOCAL = new TimeFormat("uuuu-MM-dd HH:mm:ss", ZoneOffset.UTC);

    /** @throws IllegalArgumentException when a component is out of its range */
    ForecastSpec {
        wanted(ForecastRequest.of(new float[1][2]), horizon, quantiles);
        if (every != null) Frequency.parse(every);
        if (zone != null) DateTimeUtils.getZoneId(zone);
    }

    private static ForecastRequest wanted(ForecastRequest request, int horizon, double[] quantiles) {
        ForecastRequest steps = horizon == 0 ? request : request.withHorizon(horizon);
        return quantiles.length == 0 ? steps : steps.withQuantiles(quantiles);
    }

    SeriesBuilder builder() {
        TimeOptions options = TimeOptions.UNKNOWN.withZone(zone == null ? null : DateTimeUtils.getZoneId(zone))
                .withFrequency(every == null ? null : Frequency.parse(every));
        return new SeriesBuilder("the series", "time", List.of("value"), zone == null ? LOCAL : INSTANT, options);
    }

    ForecastRequest request(TimeSeries series) {
        ForecastRequest request = wanted(ForecastRequest.of(series.doubleValues()), horizon, quantiles)
                .withKnownFrequency(series.axis().frequency().toTemporalAmount())
                .withOpenTimes(series.axis().frequency().openStep(), series.axis().frequency().openStepsOfDay());
        return series.axis().firstDay().map(request::withStart).orElse(request);
    }

    /** The forecaster, shared by all tasks of this JVM. Its kernels never change: repeated tasks give equal bits. */
    Forecaster forecaster() {
        return SharedForecasters.get(model, mode.toString());
    }
}
