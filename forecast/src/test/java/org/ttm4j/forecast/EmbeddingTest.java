package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    private static final int WIDTH = 192;
    private static final Forecaster BUNDLED = Forecaster.bundled();
    private static final ForecastRequest HOURLY = ForecastRequest.of(new double[][]{hours(0, 1), hours(3, 1)})
            .withHorizon(24)
            .withFrequency(Duration.ofHours(1));

    /** Hourly values whose days have two peaks or, for a shape above 0, something else. */
    private static double[] hours(int shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[600];
        for (int t = 0; t < values.length; t++) {
            double day = 2 * Math.PI * t / 24;
            values[t] = Math.sin((shape + 1) * day) + 0.5 * Math.cos(day + shape) + 0.1 * random.nextGaussian();
        }
        return values;
    }

    private static double[] scaled(double[] values, double factor, double offset) {
        return Arrays.stream(values).map(value -> factor * value + offset).toArray();
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
        return Math.sqrt(sum);
    }

    /** The forecast and its quantiles are the same, bit for bit. */
    @Test
    void theForecastDoesNotDependOnIt() {
        for (Forecaster forecaster : List.of(BUNDLED, BUNDLED.fast())) {
            Forecast without = forecaster.forecast(HOURLY);
            Forecast with = forecaster.forecast(HOURLY.withEmbedding());
            assertEquals(without, with);
            assertEquals(WIDTH, with.embedding(1).length);
            assertEquals(with.models().get(0).config().dModel(), with.embedding(0).length);
            assertTrue(distance(with.embedding(0), with.embedding(1)) > 0.1);
            assertThrows(IllegalArgumentException.class, () -> with.embedding(2));
            String message = assertThrows(IllegalArgumentException.class, () -> without.embedding(0)).getMessage();
            assertTrue(message.contains("withEmbedding()"), message);
        }
    }

    /** It is that of the history, so that neither the horizon's further passes nor the way to ask change it. */
    @Test
    void itBelongsToTheHistory() {
        float[] expected = BUNDLED.fast().forecast(HOURLY.withEmbedding()).embedding(0);
        assertArrayEquals(expected, BUNDLED.forecast(HOURLY.withEmbedding()).embedding(0));
        assertArrayEquals(expected, BUNDLED.fast().forecast(HOURLY.withEmbedding().withHorizon(300)).embedding(0));
        assertArrayEquals(expected, BUNDLED.fast().forecast(HOURLY.withEmbedding().withLower(0)).embedding(0));
        ForecastRequest other = HOURLY.withHistory(new double[][]{hours(2, 7)});
        List<ForecastResult> many = BUNDLED.fast()
                .forecastAll(List.of(other.withEmbedding(), HOURLY.withEmbedding().withQuantiles(0.1, 0.9), other));
        assertArrayEquals(expected, many.get(1).orElseThrow().embedding(0));
        assertThrows(IllegalArgumentException.class, () -> many.get(2).orElseThrow().embedding(0));
    }

    /** A driver of 2,000 steps makes the history of a target that began 100 steps ago no longer. */
    @Test
    void itIsOfTheModelThatIsNamedFirst() {
        double[][] history = new double[2][2000];
        for (int t = 0; t < 2000; t++) {
            history[0][t] = t < 1900 ? Double.NaN : Math.sin(Math.PI * t / 12) + 0.1 * Math.sin(t * t);
            history[1][t] = t / 24 % 7 < 5 ? 1 : 0;
        }
        ForecastRequest request = HOURLY.withHistory(history).withEmbedding();
        Forecast alone = BUNDLED.fast().forecast(request.withHistory(new double[][]{history[0]}));
        Forecast made = BUNDLED.forecast(request.withKnownFuture(new double[][]{new double[24]}));
        assertEquals(alone.models().get(0).name(), made.models().get(0).name());
        assertArrayEquals(alone.embedding(0), made.embedding(0));
    }

    @Test
    void levelAndUnitDoNotMatter() {
        double[] series = hours(0, 1);
        float[] one = embedding(series);
        double other = distance(one, embedding(hours(1, 1)));
        for (double[] same : List.of(scaled(series, 1, 1e4), scaled(series, 8, 0), scaled(series, 1e-6, -3e-6),
                scaled(series, 123_456, 5e7))) {
            assertTrue(distance(one, embedding(same)) < 1e-3 * other, distance(one, embedding(same)) + " of " + other);
        }
    }

    private static float[] embedding(double[] series) {
        return BUNDLED.fast().forecast(HOURLY.withHistory(new double[][]{series}).withEmbedding()).embedding(0);
    }

    /** Of series with noise of their own, in other units, the nearest one has days of the same shape. */
    @Test
    void theNearestSeriesHasTheSameShape() {
        for (int shape = 0; shape < 4; shape++) {
            float[] one = embedding(scaled(hours(shape, 1), 40, 7));
            double[] distances = new double[4];
            for (int other = 0; other < 4; other++) distances[other] = distance(one, embedding(hours(other, 2)));
            double least = Arrays.stream(distances).min().orElseThrow();
            assertEquals(least, distances[shape], "shape " + shape + ": " + Arrays.toString(distances));
        }
    }

    @Test
    void aChannelThatIsConstantOrMissingHasFiniteNumbers() {
        double[] constant = new double[600];
        double[] missing = new double[600];
        Arrays.fill(missing, Double.NaN);
        Forecast made = BUNDLED
                .forecast(HOURLY.withHistory(new double[][]{hours(0, 1), constant, missing}).withEmbedding());
        for (int row = 0; row < 3; row++) {
            for (float value : made.embedding(row)) assertTrue(Float.isFinite(value));
        }
    }
}
