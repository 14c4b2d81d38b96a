package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.combine.CrossValidation.Origin;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class IntermittentDemandTest {
    private static final IntermittentDemand TSB = new IntermittentDemand("intermittent demand (TSB)");

    private static Optional<double[]> attempt(double... history) {
        return TSB.attempt(history, null, 2).map(attempt -> attempt.finish().apply(null));
    }

    /** By hand: p and z start at the shares and the mean of all, 1/2 and 3, and move a tenth of the way at each value. */
    @Test
    void probabilityAndSizeAreSmoothedApart() {
        double p = 0.9 * 0.5; // 0
        p = 0.9 * p + 0.1; // 2
        double z = 0.9 * 3 + 0.1 * 2;
        p = 0.9 * p; // 0, after a missing value, which changes nothing
        p = 0.9 * p + 0.1; // 4
        z = 0.9 * z + 0.1 * 4;
        assertEquals(0.50905, p, 1e-12);
        assertEquals(3.01, z, 1e-12);
        assertArrayEquals(new double[]{p * z, p * z}, attempt(0, 2, Double.NaN, 0, 4).orElseThrow(), 1e-12);
    }

    @Test
    void itAppliesWhereThreeOfTenAreZeroAndNoneIsNegative() {
        assertTrue(attempt(0, 0, 0, 1, 2, 3, 4, 5, 6, 7).isPresent());
        assertTrue(attempt(0, 0, 1, 2, 3, 4, 5, 6, 7, 8).isEmpty());
        assertTrue(attempt(0, 0, 0, -1, 2).isEmpty());
        assertTrue(attempt(0, 0, 0).isEmpty(), "no demand, no size");
    }

    @Test
    void itTakesPartInTheForecastOfIntermittentDemandAndInNoOther() {
        SplittableRandom random = new SplittableRandom(8);
        double[] demand = random.doubles(200).map(u -> u < 0.6 ? 0 : Math.rint(1 + 9 * random.nextDouble())).toArray();
        assertTrue(weights(demand).get(TSB.name()) > 0.05, () -> weights(demand).toString());
        double[] always = Arrays.stream(demand).map(value -> value + 1).toArray();
        assertFalse(weights(always).containsKey(TSB.name()));
    }

    /** The rows of many files are sales, so that their history ends at one: what it was says nothing of the next days. */
    @Test
    void theLastSaleIsNotRepeated() {
        for (int seed = 0; seed < 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] demand = random.doubles(200)
                    .map(u -> u < 0.75 ? 0 : Math.rint(1 + 4 * random.nextDouble()))
                    .toArray();
            demand[199] = 5;
            Forecast forecast = Forecaster.bundled()
                    .forecast(ForecastRequest.of(new double[][]{demand}).withHorizon(10));
            double medians = Arrays.stream(forecast.doubleValues()[0]).sum();
            double means = Arrays.stream(forecast.mean().orElseThrow()[0]).sum();
            assertTrue(medians < means, medians + " is more than " + means + ": " + forecast.notes());
        }
    }

    /** Before the first sale, or the second, no forecast was better than another: none says that more come at once. */
    @Test
    void theFirstSalesAreNoLevel() {
        for (int earlier : new int[]{399, 200}) {
            double[] demand = new double[400];
            demand[earlier] = 1e6;
            demand[399] = 1e6;
            Forecast forecast = Forecaster.bundled()
                    .forecast(ForecastRequest.of(new double[][]{demand})
                            .withFrequency(Duration.ofDays(1))
                            .withHorizon(7)
                            .withQuantiles(0.1, 0.9));
            assertArrayEquals(new double[7], forecast.doubleValues()[0], "sales at " + earlier + " and 399");
            assertArrayEquals(new double[7], forecast.doubleQuantile(0.9)[0]);
            assertTrue(forecast.mean().orElseThrow()[0][0] > 1000, "the sale counts for the mean");
        }
    }

    /** The last week repeated is best in weeks without a salary, by its zeros: no salary is paid every week from now on. */
    @Test
    void whatIsGoodForItsZerosAloneIsNotRepeated() {
        LocalDate first = LocalDate.of(2022, 1, 1);
        double[] salary = IntStream.range(0, 730)
                .mapToDouble(day -> first.plusDays(day).getDayOfMonth() == 25 ? 5000 : 0)
                .toArray();
        Forecast forecast = Forecaster.bundled()
                .forecast(ForecastRequest.of(new double[][]{salary}).withFrequency(Duration.ofDays(1)).withHorizon(60));
        long paid = Arrays.stream(forecast.doubleValues()[0]).filter(value -> value > 2500).count();
        assertTrue(paid <= 2, paid + " salaries in 60 days: " + forecast.notes());
    }

    /** What is sold is ten or nothing: so are the quantiles, but the middle one, which is the forecast. */
    @Test
    void quantilesAreThoseOfPastDemand() {
        SplittableRandom random = new SplittableRandom(4);
        double[] demand = random.doubles(300).map(u -> u < 0.7 ? 0 : 10).toArray();
        Forecast forecast = Forecaster.bundled()
                .forecast(ForecastRequest.of(new double[][]{demand, new double[300]})
                        .withHorizon(20)
                        .withQuantiles(0.05, 0.5, 0.9));
        double[][][] quantiles = forecast.quantiles().orElseThrow().doubleValues();
        for (int h = 0; h < 20; h++) {
            double[] of = {quantiles[0][0][h], quantiles[1][0][h], quantiles[2][0][h]};
            assertArrayEquals(new double[]{0, forecast.doubleValues()[0][h], 10}, of, "step " + h);
        }
    }

    /** In five weeks without demand all values that count are 0: they cannot say that hardly ever anything comes. */
    @Test
    void levelsBeyondWhatFewValuesShowAreThoseOfErrors() {
        SplittableRandom random = new SplittableRandom(6);
        double[] demand = IntStream.range(0, 300)
                .mapToDouble(t -> t < 265 && t % 45 > 36 ? 1 + random.nextInt(9) : 0)
                .toArray();
        Forecast forecast = Forecaster.bundled()
                .forecast(ForecastRequest.of(new double[][]{demand}).withHorizon(10).withQuantiles(0.5, 0.995));
        for (int h = 0; h < 10; h++) {
            double width = forecast.doubleQuantile(0.995)[0][h] - forecast.doubleQuantile(0.5)[0][h];
            assertTrue(width > 0.5, "step " + h + ": " + width);
        }
    }

    /** The last value is not repeated from the earliest origins, before which most values are 0: these say nothing of it. */
    @Test
    void theCombinationIsMeasuredBesideTheLastValueWhereBothForecast() {
        SplittableRandom random = new SplittableRandom(7);
        double[] history = IntStream.range(0, 60)
                .mapToDouble(t -> t < 28 ? 100 * (t % 2) : 30 + 40 * random.nextDouble())
                .toArray();
        Combination combination = new Combination(history, 12, List.of(), 3, 6, OptionalDouble.empty(), false,
                OptionalDouble.empty());
        Combination.Result result = combination.combine(combination.modelRuns()
                .stream()
                .map(run -> new Combination.ModelForecast(DoubleStream.generate(() -> 50).limit(run.steps()).toArray(),
                        Optional.empty()))
                .iterator());
        List<Double> own = new ArrayList<>();
        List<Double> naive = new ArrayList<>();
        for (CrossValidation.Window window : result.past().windows()) {
            Origin origin = window.origin();
            if (IntermittentDemand.is(Arrays.copyOf(history, origin.end()))) continue;
            double[] last = new double[origin.steps()];
            Arrays.fill(last, history[origin.end() - 1]);
            own.add(Weights.mean(Arrays.stream(window.residuals()).map(Math::abs).toArray()));
            naive.add(Weights.mean(Arrays.stream(origin.residuals(history, last)).map(Math::abs).toArray()));
        }
        assertTrue(own.size() > 0 && own.size() < result.past().windows().size(), own.size() + " windows");
        double expected = own.stream().mapToDouble(x -> x).sum() / naive.stream().mapToDouble(x -> x).sum();
        assertEquals(expected, result.toNaive().orElseThrow(), 1e-9, result.isNaive() + " " + result.weights());
    }

    private static Map<String, Double> weights(double[] history) {
        Forecaster untrained = Forecaster.of(new TtmModel(Samples.config().build()).initialize(1));
        Forecast forecast = untrained.forecast(ForecastRequest.of(new double[][]{history}).withHorizon(10));
        return forecast.weights().get(0);
    }
}
