package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.Year;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Total;
import org.ttm4j.forecast.combine.CrossValidation.Origin;
import org.ttm4j.forecast.combine.CrossValidation.Window;

class SamplePathsTest {
    private static final Forecaster COMBINED = Forecaster.bundled();
    private static final int SAMPLES = 400;

    private static ForecastRequest request(double[] history, int horizon) {
        return ForecastRequest.of(new double[][]{history}).withHorizon(horizon).withFrequency(Duration.ofDays(1));
    }

    /** Totals of generated series, and the share of them within their interval of 80 %. */
    private record Totals(double mean, double median, double truth, double inside) {}

    private static Totals totals(int items, int length, int horizon, IntFunction<double[]> of) {
        double mean = 0;
        double median = 0;
        double truth = 0;
        int inside = 0;
        for (int i = 0; i < items; i++) {
            double[] whole = of.apply(i);
            Forecast forecast = COMBINED.forecast(request(Arrays.copyOf(whole, length), horizon).withSamples(SAMPLES));
            double came = Arrays.stream(whole, length, length + horizon).sum();
            Total total = Total.of(forecast, Total.Period.HORIZON).get(0);
            if (total.quantile(0, 0.1) <= came && came <= total.quantile(0, 0.9)) inside++;
            mean += total.mean()[0];
            median += Arrays.stream(forecast.doubleValues()[0]).sum();
            truth += came;
        }
        return new Totals(mean, median, truth, (double) inside / items);
    }

    @Test
    void theTotalOfSparseDemandIsThatOfTheMeans() {
        Totals totals = totals(50, 365, 96, i -> {
            SplittableRandom random = new SplittableRandom(i);
            double rate = 0.05 + 0.4 * random.nextDouble();
            return random.doubles(365 + 96)
                    .map(u -> u < rate ? 1 + Math.floor(-1.2 * Math.log(random.nextDouble())) : 0)
                    .toArray();
        });
        assertEquals(1, totals.mean / totals.truth, 0.15, totals.toString());
        assertTrue(totals.median < 0.8 * totals.truth, totals.toString());
        assertEquals(0.8, totals.inside, 0.1001, totals.toString());
    }

    @Test
    void theMeanOfASkewedSeriesIsAboveItsMedian() {
        Totals totals = totals(20, 200, 28, i -> {
            SplittableRandom random = new SplittableRandom(i);
            return IntStream.range(0, 228).mapToDouble(t -> Math.exp(3 + 0.7 * random.nextGaussian())).toArray();
        });
        double expected = 20 * 28 * Math.exp(3 + 0.7 * 0.7 / 2);
        assertEquals(1, totals.mean / expected, 0.15, totals.toString());
        assertTrue(totals.mean > 1.1 * totals.median, totals.toString());
    }

    private static double[] walk(double kept, int length, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] walk = new double[length];
        for (int t = 1; t < length; t++) walk[t] = kept * walk[t - 1] + random.nextGaussian();
        return walk;
    }

    /** The variance of the total over that of independent steps: 1 for white noise, up to the horizon for errors that last. */
    private static double dependence(double[] history) {
        double[][] paths = COMBINED.forecast(request(history, 24).withSamples(SAMPLES)).samples().orElseThrow()[0];
        double ofSteps = IntStream.range(0, 24)
                .mapToDouble(h -> variance(Arrays.stream(paths).mapToDouble(path -> path[h])))
                .sum();
        return variance(Arrays.stream(paths).mapToDouble(path -> Arrays.stream(path).sum())) / ofSteps;
    }

    private static double variance(DoubleStream of) {
        double[] values = of.toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
    }

    @Test
    void stepsDependOnEachOtherAsPastErrorsDid() {
        double white = 0;
        double lasting = 0;
        for (int seed = 0; seed < 8; seed++) {
            white += dependence(walk(0, 400, seed)) / 8;
            lasting += dependence(walk(1, 400, seed)) / 8;
        }
        assertTrue(white < 3, "white noise " + white);
        assertTrue(lasting > 10, "random walk " + lasting);
    }

    @Test
    void pathsAreSpreadAsTheQuantilesAreAndChangeNothingElse() {
        ForecastRequest request = request(walk(0.5, 300, 3), 14);
        Forecast without = COMBINED.forecast(request);
        Forecast with = COMBINED.forecast(request.withSamples(SAMPLES));
        assertEquals(without, with);
        assertTrue(without.samples().isEmpty());
        assertArrayEquals(without.mean().orElseThrow()[0], with.mean().orElseThrow()[0]);
        double[][] paths = with.samples().orElseThrow()[0];
        for (int h = 0; h < 14; h++) {
            int step = h;
            double[] values = Arrays.stream(paths).mapToDouble(path -> path[step]).sorted().toArray();
            for (double level : new double[]{0.1, 0.5, 0.9}) {
                double width = with.doubleQuantile(0.9)[0][h] - with.doubleQuantile(0.1)[0][h];
                assertEquals(with.doubleQuantile(level)[0][h], values[(int) (level * SAMPLES)], 0.05 * width);
            }
            assertEquals(with.mean(0, h), Arrays.stream(values).average().orElseThrow(), 0.1);
        }
        assertArrayEquals(paths, COMBINED.forecast(request.withSamples(SAMPLES)).samples().orElseThrow()[0]);
        assertTrue(Forecaster.bundled().fast().forecast(request.withSamples(9)).samples().isEmpty());
    }

    /** Of few errors, which are more uncertain than they are large. */
    @Test
    void pathsOfYoungPositiveSeriesAreAsWideAsTheQuantiles() {
        double ofPaths = 0;
        double ofQuantiles = 0;
        for (int seed = 0; seed < 8; seed++) {
            double[] history = Arrays.stream(walk(1, 12, seed)).map(value -> 50 + value).toArray();
            Forecast forecast = COMBINED.forecast(ForecastRequest.of(new double[][]{history})
                    .withHorizon(5)
                    .withFrequency(Period.ofYears(1))
                    .withSamples(SAMPLES));
            for (int h = 0; h < 5; h++) {
                int step = h;
                double[] values = Arrays.stream(forecast.samples().orElseThrow()[0])
                        .mapToDouble(path -> path[step])
                        .sorted()
                        .toArray();
                ofPaths += values[SAMPLES * 9 / 10] - values[SAMPLES / 10];
                ofQuantiles += forecast.doubleQuantile(0.9)[0][h] - forecast.doubleQuantile(0.1)[0][h];
            }
        }
        assertEquals(1, ofPaths / ofQuantiles, 0.05);
    }

    @Test
    void theMeanDoesNotDependOnTheQuantilesThatAreWanted() {
        ForecastRequest request = request(walk(0.5, 300, 4), 14);
        for (double[] levels : new double[][]{{0.1, 0.9}, {0.05, 0.95}, {1 - 0.9, 0.1, 0.9}}) {
            assertArrayEquals(COMBINED.forecast(request).mean().orElseThrow(),
                    COMBINED.forecast(request.withQuantiles(levels)).mean().orElseThrow());
        }
    }

    @Test
    void boundsHoldForAll() {
        double[] near = Arrays.stream(walk(0.5, 120, 5)).map(value -> 95 + 3 * value).toArray();
        double[] shares = Arrays.stream(near).map(value -> Math.min(100, value)).toArray();
        Forecast free = COMBINED.forecast(request(shares, 14));
        Forecast bounded = COMBINED.forecast(request(shares, 14).withUpper(100).withSamples(50));
        assertTrue(free.doubleQuantile(0.9)[0][13] > 100);
        assertTrue(Arrays.stream(bounded.doubleQuantile(0.9)[0]).allMatch(value -> value <= 100));
        assertTrue(Arrays.stream(bounded.samples().orElseThrow()[0])
                .flatMapToDouble(Arrays::stream)
                .allMatch(value -> value <= 100));
        assertTrue(bounded.mean(0, 13) < free.mean(0, 13));
        Forecast whole = COMBINED.forecast(request(shares, 14).withUpper(99.5).asCounts());
        assertTrue(Arrays.stream(whole.doubleQuantile(0.9)[0]).allMatch(value -> value <= 99));
        ForecastRequest request = request(shares, 14);
        for (double[] wrong : new double[][]{{}, {1, 2}, {Double.NaN}, {Double.NEGATIVE_INFINITY}}) {
            assertThrows(IllegalArgumentException.class, () -> request.withUpper(wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> request.withUpper(1).withLower(2));
        assertThrows(IllegalArgumentException.class, () -> request.withSamples(1));
        ForecastRequest two = ForecastRequest.of(new double[][]{shares, shares}).withHorizon(14);
        Forecast ofTwo = COMBINED.forecast(two.withUpper(Double.POSITIVE_INFINITY, 90));
        assertTrue(Arrays.stream(ofTwo.doubleValues()[1]).allMatch(value -> value <= 90));
        assertTrue(Arrays.stream(ofTwo.doubleValues()[0]).anyMatch(value -> value > 90));
    }

    private static CrossValidation past(int shift, double[]... residuals) {
        int steps = residuals.length == 0 ? 0 : residuals[0].length;
        return new CrossValidation(IntStream.range(0, residuals.length)
                .mapToObj(w -> new Window(new Origin(100 - shift - w * steps, steps), null, residuals[w], 1,
                        Optional.empty()))
                .toList(), 0, 1, 1, 0);
    }

    /** Errors count as common where they were at the same time, and a channel without any changes nothing for the others. */
    @Test
    void loadingsAreThoseOfErrorsAtTheSameTime() {
        CrossValidation one = past(0, new double[]{1, -3, 2, 5}, new double[]{-2, 4, 1, -6});
        CrossValidation late = past(1, new double[]{-6, 1, -3, 2}, new double[]{7, -2, 4, 1});
        double[] loadings = SamplePaths.loadings(List.of(one, late, past(0)));
        assertTrue(loadings[0] > 0.6 && loadings[1] > 0.6, Arrays.toString(loadings));
        assertEquals(0, loadings[2]);
    }

    /** The correlation of the last steps of two channels whose errors are the same; the second lacks its last values. */
    private static double together(int missing, int seed) {
        double[] one = walk(1, 400, seed);
        double[] other = one.clone();
        Arrays.fill(other, 400 - missing, 400, Double.NaN);
        double[][][] paths = COMBINED.forecast(ForecastRequest.of(new double[][]{one, other})
                .withHorizon(14)
                .withFrequency(Duration.ofDays(1))
                .withSamples(SAMPLES)).samples().orElseThrow();
        double[] a = Arrays.stream(paths[0]).mapToDouble(path -> path[13]).toArray();
        double[] b = Arrays.stream(paths[1]).mapToDouble(path -> path[13]).toArray();
        double both = variance(IntStream.range(0, SAMPLES).mapToDouble(i -> a[i] + b[i]));
        return (both - variance(Arrays.stream(a)) - variance(Arrays.stream(b)))
                / (2 * Math.sqrt(variance(Arrays.stream(a)) * variance(Arrays.stream(b))));
    }

    @Test
    void channelsThatEndEarlierAreHighTogetherWithTheOthers() {
        double same = IntStream.range(0, 6).mapToDouble(seed -> together(0, seed)).average().orElseThrow();
        double earlier = IntStream.range(0, 6).mapToDouble(seed -> together(2, seed)).average().orElseThrow();
        assertTrue(same > 0.9 && earlier > 0.3, same + " and " + earlier);
    }

    /** Exact forecasts, constants, nothing observed, and histories too short to be measured. */
    @Test
    void meansAndPathsAreNumbersForEveryHistory() {
        double[] exact = IntStream.range(0, 200)
                .mapToDouble(t -> 100 + 20 * Math.sin(t * Math.PI / 12) + t % 7)
                .toArray();
        double[] gone = new double[60];
        Arrays.fill(gone, 0, 40, 3);
        Arrays.fill(gone, 50, 60, Double.NaN);
        for (double[] history : List.of(exact, new double[60], gone, new double[]{1, 2, 4}, new double[]{0, 0, 5})) {
            Forecast forecast = COMBINED.forecast(request(history, 12).withSamples(10));
            assertTrue(Arrays.stream(forecast.mean().orElseThrow()[0]).allMatch(Double::isFinite));
            double[][] paths = forecast.samples().orElseThrow()[0];
            assertTrue(Arrays.stream(paths).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite));
        }
    }

    @Test
    void totalsAreByCalendar() {
        Forecast forecast = COMBINED
                .forecast(request(walk(0.5, 60, 6), 20).withStart(LocalDate.of(2025, 12, 1)).withSamples(9));
        // 2026-01-30 is a Friday.
        List<Total> weeks = Total.of(forecast, Total.Period.WEEK);
        assertEquals(List.of(0, 3, 10, 17), weeks.stream().map(Total::from).toList());
        assertEquals(List.of(2, 20), Total.of(forecast, Total.Period.MONTH).stream().map(Total::to).toList());
        assertEquals(IntStream.range(0, 20).mapToDouble(h -> forecast.mean(0, h)).sum(),
                weeks.stream().mapToDouble(week -> week.mean()[0]).sum(), 1e-9);
        Forecast untimed = COMBINED.forecast(request(walk(0.5, 60, 6), 20).withSamples(9));
        assertEquals(1, Total.of(untimed, Total.Period.HORIZON).size());
        assertThrows(IllegalArgumentException.class, () -> Total.of(untimed, Total.Period.WEEK));
        Forecast weekly = COMBINED.forecast(request(walk(0.5, 60, 6), 20).withStart(LocalDate.of(2025, 12, 1))
                .withFrequency(Duration.ofDays(7))
                .withSamples(9));
        assertThrows(IllegalArgumentException.class, () -> Total.of(weekly, Total.Period.WEEK));
        Forecast yearly = COMBINED.forecast(
                request(walk(0.5, 60, 6), 20).withFrequency(Period.ofYears(1)).withStart(Year.of(1960)).withSamples(9));
        assertThrows(IllegalArgumentException.class, () -> Total.of(yearly, Total.Period.WEEK));
    }

    @Test
    void whatIsNoDateOrLevelOrIsMissingIsRefused() {
        Forecast hours = COMBINED.forecast(request(walk(0.5, 60, 6), 5).withFrequency(Duration.ofHours(1))
                .withStart(LocalTime.NOON)
                .withSamples(9));
        refused("LocalTime", () -> Total.of(hours, Total.Period.WEEK));
        refused("1 dates: expected one for each of the 5 steps",
                () -> Total.of(hours, Total.Period.WEEK, List.of(LocalDate.EPOCH)));
        refused("dates is null", () -> Total.of(hours, Total.Period.WEEK, null));
        refused("period is null", () -> Total.of(hours, null));
        refused("forecast is null", () -> Total.of(null, Total.Period.HORIZON));
        Total total = Total.of(hours, Total.Period.HORIZON).get(0);
        for (double level : new double[]{2, -0.1, Double.NaN}) {
            refused("level " + level, () -> total.quantile(0, level));
        }
        assertTrue(total.quantile(0, 0) < total.quantile(0, 1));
    }

    private static void refused(String message, Executable call) {
        String said = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test
    void aSingleStepAsLongAsThePeriodIsNoTotalOfIt() {
        ForecastRequest day = request(walk(0.5, 60, 6), 1).withStart(LocalDate.of(2020, 1, 1)).withSamples(9);
        assertEquals(1, Total.of(COMBINED.forecast(day), Total.Period.WEEK).size());
        for (TemporalAmount step : List.of(Period.ofMonths(1), Duration.ofDays(7))) {
            Forecast one = COMBINED.forecast(day.withFrequency(step));
            assertThrows(IllegalArgumentException.class, () -> Total.of(one, Total.Period.WEEK), step.toString());
        }
        Forecast month = COMBINED.forecast(day.withFrequency(Period.ofMonths(1)));
        assertThrows(IllegalArgumentException.class, () -> Total.of(month, Total.Period.MONTH));
        Forecast week = COMBINED.forecast(day.withFrequency(Period.ofWeeks(1)));
        assertEquals(1, Total.of(week, Total.Period.MONTH).size());
    }
}
