package org.ttm4j.eval.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.BacktestPlan.Window;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;

class SeriesRequestTest {
    private static final double[] VALUES = {60, 95};

    @ParameterizedTest
    @CsvSource({"fill_pct, 100", "market share, 100", "humidity %, 100", "share_price, Infinity",
            "price per share, Infinity", "earnings_per_share, Infinity", "put_call_ratio, Infinity", "load, Infinity"})
    void aNameSaysWhatIsAShare(String name, double bound) {
        assertEquals(bound, SeriesRequest.bound(name, VALUES));
    }

    private static TimeSeries series() {
        TimeAxis axis = new TimeAxis(0, Frequency.parse("P1D"), 0, new TimeFormat("uuuu-MM-dd", ZoneOffset.UTC));
        return new TimeSeries(null, List.of("fill_pct"), axis, new double[][]{VALUES});
    }

    @Test
    void aBacktestMeasuresForecastsWithinThem() {
        BacktestSettings settings = new BacktestSettings(1, 1, 0, Window.SLIDING, BacktestSettings.grid(List.of()), 0,
                0);
        assertArrayEquals(new double[]{100}, settings.rows(series()).upper());
    }

    @Test
    void boundsThatAreAskedForCountAndAreNotNoted() {
        ForecastRequest request = ForecastRequest.of(series().doubleValues()).withHorizon(1);
        ForecastRequest within = SeriesRequest.within(request, series().channels());
        assertArrayEquals(new double[]{100}, within.upper());
        assertArrayEquals(new double[]{120}, SeriesRequest.within(request.withUpper(120), series().channels()).upper());
        assertEquals(0, SeriesRequest.within(request.withLower(150), series().channels()).upper().length);
        int[] first = {0};
        assertEquals(1,
                SeriesRequest.noted(Forecast.of(within, first, new double[][]{{140}}), series()).notes().size());
        Forecast wider = Forecast.of(request.withUpper(120), first, new double[][]{{140}});
        assertEquals(List.of(), SeriesRequest.noted(wider, series()).notes());
    }
}
