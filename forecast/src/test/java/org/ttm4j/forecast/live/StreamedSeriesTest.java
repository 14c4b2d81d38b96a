package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.ttm.fixtures.Samples;

class StreamedSeriesTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final StreamSettings SETTINGS = StreamSettings.of(3, Duration.ofHours(1)).withContext(512);

    private static double[] history(LiveSeries series, long hour) {
        return series.request(hour * HOUR, 2).map(ForecastRequest::history).orElseThrow()[0];
    }

    /** What a forecast from an hour would see of it. */
    private static double valueAt(LiveSeries series, long hour) {
        double[] history = stored(SETTINGS, series).request(hour * HOUR, 0).orElseThrow().history()[0];
        return history.length == 0 ? Double.NaN : history[history.length - 1];
    }

    /** As an engine does: the state is written and read after every value. */
    private static LiveSeries stored(StreamSettings settings, LiveSeries series) {
        return LiveSeries.of(settings, series.toBytes());
    }

    @Test
    void valuesOfAFullContextComeBackAsTheyWereAndTakeFourBytesEach() {
        Random random = new Random(1);
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        float[] values = new float[1500];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) (46.4 + random.nextGaussian());
            assertEquals(OptionalLong.of(t * HOUR), series.add(t * HOUR, values[t]));
            series = stored(SETTINGS, series);
            if (t == 0) continue;
            double[] history = history(series, t);
            assertEquals(Math.min(512, t + 1), history.length);
            for (int i = 0; i < history.length; i++) assertEquals(values[t + 1 - history.length + i], history[i]);
        }
        // 512 values less the one that no later forecast sees.
        assertEquals(33 + 4 * 511, series.toBytes().length);
        series.add(1500 * HOUR, 1);
        assertTrue(series.toBytes().length <= 2560);
    }

    /** A counter that rises by far more than its values differ from hour to hour. */
    @Test
    void countersAreKeptFinerThanFloatsAre() {
        LiveSeries series = LiveSeries.of(SETTINGS.withContext(64), null);
        for (int t = 0; t < 2000; t++) {
            series.add(t * HOUR, counter(t));
            series = stored(SETTINGS.withContext(64), series);
            if (t == 0) continue;
            double[] history = history(series, t);
            for (int i = 0; i < history.length; i++) {
                // Beside 1e9 a float has steps of 64.
                assertEquals(counter(t + 1 - history.length + i), history[i], 1e-3, "hour " + t);
            }
        }
    }

    /** A sentinel such as 2147483647 among counts, as the first value too: the others stay what they were. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40})
    void oneValueFarFromTheOthersChangesNothingForThese(int wild) {
        StreamSettings settings = SETTINGS.withContext(64);
        LiveSeries series = LiveSeries.of(settings, null);
        for (int t = 0; t < 300; t++) {
            series.add(t * HOUR, t == wild ? Integer.MAX_VALUE : 300 + t % 24);
            // So far as a watermark may be behind.
            if (t < 10) continue;
            double[] history = history(series, t - 5);
            for (int i = 0; i < history.length; i++) {
                int at = t - 5 + 1 - history.length + i;
                if (at != wild) assertEquals(300 + at % 24, history[i], "hour " + at + " from hour " + (t - 5));
            }
        }
    }

    /** A zero among the values of a large counter, which then begins anew. */
    @Test
    void aCounterKeepsItsDigitsBesideAZeroAndFromZeroOn() {
        StreamSettings settings = SETTINGS.withContext(64);
        LiveSeries series = LiveSeries.of(settings, null);
        for (int t = 0; t < 400; t++) {
            series.add(t * HOUR, t == 50 ? 0 : t < 200 ? counter(t) : 7.5 * (t - 200));
            if (t == 0) continue;
            double[] history = history(series, t);
            for (int at = Math.max(0, t - 30); at <= t; at++) {
                double value = history[history.length - 1 - t + at];
                if (at != 50 && t < 200) assertEquals(counter(at), value, 1e-3, "hour " + at + " from hour " + t);
                // While the window holds both, the first of the new values are of the digits of the old ones.
                if (at > 202 && t > 202) assertEquals(7.5 * (at - 200), value, "hour " + at + " from hour " + t);
            }
        }
    }

    /** Of values about zero that float32 does not hold; how far the watermark is behind changes with each run. */
    @Test
    void theBitsDependOnNeitherTheOrderNorOnWhenForecastsAreMade() {
        LiveSeries atOnce = LiveSeries.of(SETTINGS, null);
        LiveSeries later = LiveSeries.of(SETTINGS, null);
        double[][] forecastAtOnce = new double[60][];
        for (int t = 0; t < 60; t++) {
            atOnce.add(t * HOUR, t * 0.1);
            if (t > 1) forecastAtOnce[t] = history(atOnce, t);
        }
        for (int from = 0; from < 60; from += 6) {
            for (int t = from + 5; t >= from; t--) later.add(t * HOUR, t * 0.1);
            for (int t = Math.max(2, from); t < from + 6; t++) assertArrayEquals(forecastAtOnce[t], history(later, t));
        }
    }

    private static double counter(int t) {
        return 1e9 + 100.3 * t + Math.sin(t);
    }

    @Test
    void valuesBelongToTheStepAtOrAfterTheirTime() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        series.add(10 * HOUR, 1);
        series.add(10 * HOUR + 1, 2);
        series.add(11 * HOUR, 3);
        series.add(13 * HOUR - 1, 4);
        assertArrayEquals(new double[]{1, 3, Double.NaN, 4}, history(series, 13));
        series.add(-HOUR / 2, 5);
        assertEquals(OptionalLong.empty(), series.due(100 * HOUR));
    }

    @Test
    void originsAreTheMultiplesThatEndATimeWithAValue() {
        StreamSettings daily = SETTINGS.withEvery(Duration.ofDays(1));
        LiveSeries series = LiveSeries.of(daily, null);
        assertEquals(OptionalLong.of(24 * HOUR), series.add(HOUR, 1));
        assertEquals(OptionalLong.of(24 * HOUR), series.add(24 * HOUR, 2));
        assertEquals(OptionalLong.of(96 * HOUR), series.add(73 * HOUR, 3));
        assertEquals(OptionalLong.empty(), series.due(24 * HOUR - 1));
        assertEquals(OptionalLong.of(24 * HOUR), series.due(1000 * HOUR));
        assertEquals(24, history(series, 24).length);
        series = stored(daily, series);
        assertEquals(OptionalLong.of(96 * HOUR), series.due(1000 * HOUR));
        // Forecasts end where the origin is, not where the last value is.
        double[] history = history(series, 96);
        assertEquals(96, history.length);
        assertEquals(3, history[72]);
        assertTrue(Double.isNaN(history[95]));
        assertEquals(OptionalLong.empty(), series.due(1000 * HOUR));
    }

    @Test
    void forecastsAreMadeOnceAndInOrder() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        for (int t = 0; t < 10; t++) series.add(t * HOUR, t);
        assertEquals(10, history(series, 9).length);
        assertTrue(series.request(9 * HOUR, 2).isEmpty());
        assertTrue(series.request(8 * HOUR, 2).isEmpty());
        // A late value counts in later forecasts, and makes none.
        assertEquals(OptionalLong.empty(), series.add(5 * HOUR, 50));
        series.add(10 * HOUR, 10);
        assertEquals(50, history(series, 10)[5]);
    }

    /** An engine may wake up at times that other settings named. */
    @Test
    void nothingIsDueAtTimesOfOtherSettings() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        assertTrue(series.isNew());
        series.add(3 * HOUR, 1);
        series = LiveSeries.of(SETTINGS.withEvery(Duration.ofHours(2)), series.toBytes());
        assertFalse(series.isNew());
        assertFalse(series.isDue(3 * HOUR));
        assertTrue(series.isDue(4 * HOUR));
        history(series, 4);
        assertFalse(series.isDue(4 * HOUR));
        assertFalse(series.isNew());
        series = LiveSeries.of(StreamSettings.of(3, Duration.ofMinutes(40)), series.toBytes());
        assertTrue(series.isNew());
        assertFalse(series.isDue(4 * HOUR));
    }

    @Test
    void whatCannotBeAValueOrATimeIsMissing() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        for (double value : new double[]{Double.NaN, Double.POSITIVE_INFINITY, 1e300}) {
            assertEquals(OptionalLong.empty(), series.add(HOUR, value));
        }
        assertEquals(OptionalLong.empty(), series.add(Long.MAX_VALUE, 1));
        assertEquals(OptionalLong.empty(), series.add(Long.MIN_VALUE, 1));
        assertTrue(series.request(HOUR, 2).isEmpty());
    }

    /** From 1970 to 9999 by the second would be a terabyte. */
    @Test
    void aWildTimeDoesNotTakeAllMemory() {
        StreamSettings seconds = StreamSettings.of(3, Duration.ofSeconds(1));
        LiveSeries series = LiveSeries.of(seconds, null);
        series.add(0, 1);
        series.add(253_402_300_799_000L, 2);
        series.add(1000, 3);
        assertTrue(series.toBytes().length < 100);
    }

    /** It would make all later values too old. */
    @Test
    void aWildTimeDoesNotSilenceASeries() {
        for (int wildAt : new int[]{0, 1, 7}) {
            LiveSeries series = LiveSeries.of(SETTINGS, null);
            for (int t = 0; t < 10; t++) {
                if (t == wildAt) {
                    for (int i = 0; i < 2; i++) series.add(253_402_300_799_000L, 1e9);
                    series = stored(SETTINGS, series);
                }
                assertFalse(series.isHeldBack(t * HOUR));
                assertEquals(OptionalLong.of(t * HOUR), series.add(t * HOUR, t));
                assertTrue(series.isHeldBack(t * HOUR + 2049 * HOUR));
                series = stored(SETTINGS, series);
                if (t > 0) assertEquals(t + 1, history(series, t).length, "wild at " + wildAt);
            }
            assertEquals(33 + 16 + 4 * 10, series.toBytes().length);
        }
    }

    @Test
    void afterALongGapTwoValuesGoOn() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        for (int t = 0; t < 10; t++) series.add(t * HOUR, t);
        history(series, 9);
        assertEquals(OptionalLong.empty(), series.add(3000 * HOUR, 1));
        series = stored(SETTINGS, series);
        assertEquals(OptionalLong.of(3000 * HOUR), series.add(3001 * HOUR, 2));
        // Not 3,000 steps.
        assertTrue(series.toBytes().length < 200, series.toBytes().length + " bytes");
        series = stored(SETTINGS, series);
        assertArrayEquals(new double[]{1}, series.request(3000 * HOUR, 1).orElseThrow().history()[0]);
        assertEquals(OptionalLong.of(3001 * HOUR), series.due(Long.MAX_VALUE));
        assertArrayEquals(new double[]{1, 2}, history(series, 3001));
    }

    /** As when parts of the past are read side by side, or a sender delivers what it could not send before. */
    @Test
    void whatIsFarAheadCountsWhenTheSeriesHasComeNear() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        for (int t = 0; t < 3; t++) {
            series.add(t * HOUR, t);
            series = stored(SETTINGS, series);
            series.add((3000 + t) * HOUR, t);
            series = stored(SETTINGS, series);
        }
        for (int t : new int[]{0, 1, 2, 3000, 3001, 3002}) assertEquals(t % 3000, valueAt(series, t));
        series.add(9000 * HOUR, 1);
        for (int t = 5000; t < 7000; t += 1000) {
            series.add(t * HOUR, t);
            assertTrue(Double.isNaN(valueAt(series, 9000)));
        }
        series.add(7000 * HOUR, 7000);
        assertEquals(1, valueAt(series, 9000));
    }

    @Test
    void aStateOfAnotherFrequencyBeginsAnewAndOneOfALaterVersionIsRefused() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        for (int t = 0; t < 10; t++) series.add(t * HOUR, t);
        StreamSettings other = StreamSettings.of(3, Duration.ofMinutes(30));
        assertEquals(OptionalLong.empty(), LiveSeries.of(other, series.toBytes()).due(Long.MAX_VALUE / 2));
        byte[] state = series.toBytes();
        state[0] = 6;
        IllegalArgumentException later = assertThrows(IllegalArgumentException.class,
                () -> LiveSeries.of(SETTINGS, state));
        assertEquals("the state of a series has version 6: this version of ttm4j reads up to 5", later.getMessage());
    }

    @Test
    void aStateThatIsNotWholeIsRefused() {
        LiveSeries series = LiveSeries.of(SETTINGS, null);
        series.add(0, 1);
        series.add(9000 * HOUR, 1);
        byte[] state = series.toBytes();
        for (int length = 0; length < state.length; length++) {
            byte[] part = Arrays.copyOf(state, length);
            // Whole values of the window may be gone without a trace.
            if (state.length - length == Float.BYTES) continue;
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> LiveSeries.of(SETTINGS, part));
            assertEquals("the state of a series is not whole: it has " + length + " bytes", refused.getMessage());
        }
    }

    @Test
    void forecastersAreShared() {
        for (String mode : new String[]{"fast", "balanced"}) {
            StreamSettings settings = SETTINGS.withModel("96-24").withMode(mode);
            assertSame(settings.forecaster(), settings.withContext(24).forecaster());
        }
        assertNotSame(SharedForecasters.get("96-24", "balanced"), SharedForecasters.get("96-24", "best"));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        for (Duration step : List.of(Duration.ofNanos(16_666_667), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertEquals("frequency " + step + ": expected a whole number of milliseconds",
                    assertThrows(IllegalArgumentException.class, () -> StreamSettings.of(3, step)).getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> SETTINGS.withEvery(Duration.ofHours(2).plusNanos(1)));
        for (Runnable wrong : new Runnable[]{() -> StreamSettings.of(0, Duration.ofHours(1)),
                () -> StreamSettings.of(1, Duration.ofNanos(1)), () -> StreamSettings.of(1, Duration.ZERO),
                () -> SETTINGS.withEvery(Duration.ofMinutes(90)), () -> SETTINGS.withEvery(Duration.ZERO),
                () -> SETTINGS.withContext(0), () -> SETTINGS.withMode("quick"), () -> SETTINGS.withQuantiles(0.9, 0.1),
                () -> SETTINGS.withModel("/no/such/folder").forecaster()}) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    @Test
    void modelsThatCannotForecastWhatIsWantedAreRefused(@TempDir Path folder) throws IOException {
        StreamSettings settings = SETTINGS.withModel(Samples.model(folder).toString()).withMode("fast");
        settings.forecaster();
        StreamSettings exogenous = SETTINGS.withModel(Samples.exogenousModel(folder).toString());
        assertEquals(
                "this model needs known future values or static categories, which a stream of values does not have",
                assertThrows(IllegalArgumentException.class, exogenous::forecaster).getMessage());
        assertThrows(IllegalArgumentException.class, () -> settings.withQuantiles(0.5).forecaster());
        assertEquals("context 12: the model 512-96 needs at least 16 steps in mode fast",
                assertThrows(IllegalArgumentException.class,
                        () -> SETTINGS.withModel("512-96").withMode("fast").withContext(12).forecaster()).getMessage());
    }
}
