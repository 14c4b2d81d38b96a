package org.ttm4j.ttm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.model.TtmModel;

class FeedbackBoundsTest {
    private static final int LENGTH = 780;

    private static FeedbackBounds bounds(IntToDoubleFunction series) {
        FeedbackBounds bounds = new FeedbackBounds();
        bounds.set(IntStream.range(0, LENGTH).mapToDouble(series).toArray(), LENGTH);
        return bounds;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-3, -1e-3, 0, 1e-3, 3})
    void aTrendGoesOnForAsLongAsItLikes(double slope) {
        IntToDoubleFunction series = t -> 10 + slope * t + Math.sin(t * Math.PI / 12);
        FeedbackBounds bounds = bounds(series);
        for (int t = 0; t < 100_000; t++) {
            double value = series.applyAsDouble(LENGTH + t);
            assertEquals(value, bounds.held(value, t));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 1})
    void exponentialGrowthGoesOn(double sign) {
        IntToDoubleFunction series = t -> sign * 100 * Math.exp(t / 700.0);
        FeedbackBounds bounds = bounds(series);
        for (int t = 0; t < 20_000; t++) {
            double value = series.applyAsDouble(LENGTH + t);
            assertEquals(value, bounds.held(value, t));
        }
    }

    @Test
    void growthBeyondTheLargestNumberIsNoBound() {
        FeedbackBounds bounds = bounds(t -> Math.exp(t / 300.0));
        assertEquals(1e300, bounds.held(1e300, 1_000_000));
        assertTrue(bounds.held(-1e300, 1_000_000) > -100);
    }

    /** Where two thirds have one mean, as where the first of them is missing, no ratio says how the rest grows. */
    @Test
    void aRiseAfterNoneIsBoundedBySomeNumber() {
        for (double first : new double[]{Double.NaN, 1}) {
            FeedbackBounds bounds = bounds(t -> t < LENGTH / 3 ? first : t < 2 * LENGTH / 3 ? 1 : 9);
            for (int step : new int[]{0, 1, 1000}) {
                assertEquals(10, bounds.held(10, step));
                assertTrue(bounds.held(-100, step) > -10);
            }
        }
    }

    @Test
    void aSeriesThatBeginsLateOrStandsHasBounds() {
        FeedbackBounds late = bounds(t -> t < 300 ? Double.NaN : t);
        for (int t : new int[]{0, 1, 1_000_000}) assertEquals(LENGTH + t, late.held(LENGTH + t, t));
        FeedbackBounds jump = bounds(t -> t < 520 ? 0 : 1);
        assertTrue(jump.held(1e300, 0) <= 2 && jump.held(-1e300, 100_000) == -1);
    }

    @Test
    void aSineStaysWhereItIs() {
        IntToDoubleFunction sine = t -> 10 + Math.sin(t * Math.PI / 12);
        double low = bounds(sine).held(-89_382, 99_220);
        double high = bounds(sine).held(1e9, 99_220);
        assertTrue(low > 0 && low < 8 && high > 12 && high < 20, low + " to " + high);
        FeedbackBounds shifted = bounds(t -> 1000 + 4 * sine.applyAsDouble(t));
        assertEquals(1000 + 4 * low, shifted.held(-1e9, 99_220), 1e-6);
        assertEquals(5, bounds(t -> t < 300 ? Double.NaN : 5).held(7, 1000));
    }

    /** By itself this model, whose last layer is a tenth larger than trained, soon leaves any bounds. */
    @Test
    void aForecastThatIsFedBackStaysInBounds() {
        TtmModel model = BundledModels.model("512-96");
        model.parameters().forEach((name, parameter) -> {
            if (!name.startsWith("head.base_forecast_block.")) return;
            for (int i = 0; i < parameter.value().length; i++) parameter.value()[i] *= 1.1f;
            parameter.changed();
        });
        float[][] history = new float[1][600];
        for (int t = 0; t < history[0].length; t++) history[0][t] = 10 + (float) Math.sin(t * Math.PI / 12);
        ModelForecaster forecaster = Forecaster.of(model).fast();
        Forecast all = forecaster.forecast(ForecastRequest.of(history).withHorizon(12_000));
        for (float value : all.values()[0]) assertTrue(value > 0 && value < 20, "" + value);
        assertTrue(all.notes().toString().contains("on the forecast leaves what the history and its trend can bear"));
        float[][] median = all.quantile(0.5);
        float[][] highest = all.quantile(0.9);
        for (int t = 0; t < 12_000; t++) {
            assertEquals(all.values()[0][t], median[0][t], 1e-4f);
            assertTrue(highest[0][t] >= median[0][t]);
        }
        Forecast tenPasses = forecaster.forecast(ForecastRequest.of(history).withHorizon(960));
        assertArrayEquals(tenPasses.values()[0], Arrays.copyOf(all.values()[0], 960));
        assertEquals(1, tenPasses.notes().stream().filter(note -> note.contains("ran 10 times")).count());
    }
}
