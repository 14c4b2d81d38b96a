package org.ttm4j.forecast.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.explain.Explanation.Attribution;
import org.ttm4j.forecast.explain.Explanation.Occlusion;
import org.ttm4j.forecast.explain.Explanation.Target;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Recordings;

/**
 * Attributions of bundled models and of the models of all recordings, held against forecasts of changed histories. The small
 * models come first: until the compiler has seen the vector kernels, a large one takes ten seconds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AttributionTest {
    private static final double COMPLETE = 1e-3;
    /** Half the width of a difference, in standard deviations: so wide that it hides the rounding of a forecast. */
    private static final double WIDE = 0.02;
    /** So narrow that a small model of a recording takes the same strongest frequencies on both sides. */
    private static final double NARROW = 0.005;

    @TestFactory
    Stream<DynamicTest> bundledModels() {
        return BundledModels.names()
                .stream()
                .filter(name -> BundledModels.note(name).isEmpty())
                .map(name -> DynamicTest.dynamicTest(name, () -> verify(Forecaster.bundled(name).fast(), WIDE)));
    }

    @Order(1)
    @TestFactory
    Stream<DynamicTest> modelsOfRecordings() throws IOException {
        return tests(Recordings.small());
    }

    @TestFactory
    Stream<DynamicTest> modelsOfRecordingsBesideTheRepository() throws IOException {
        return tests(Recordings.large());
    }

    private static Stream<DynamicTest> tests(List<Path> folders) {
        return folders.stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(),
                        () -> verify(Forecaster.load(folder).fast(), NARROW)));
    }

    private static void verify(ModelForecaster forecaster, double step) {
        TtmConfig config = forecaster.info().models().get(0).config();
        ForecastRequest request = ModelRequests.of(config);
        Explanation explanation = forecaster.explain(request);
        int input = forecaster.forecast(request).channels()[0];
        double deviation = ModelRequests.deviation(request.history()[input]);
        for (Target target : List.of(Target.step(0, config.outputLength() - 1), Target.sum(0))) {
            Attribution gradient = explanation.gradient(target);
            double value = value(forecaster, request, target);
            assertEquals(value, gradient.forecast(), 1e-4 * deviation * config.outputLength());
            verifyDifferences(forecaster, request, target, gradient, step * deviation);
            Attribution shares = explanation.integratedGradients(target);
            assertEquals(value, shares.forecast(), 1e-4 * deviation * config.outputLength());
            assertEquals(shares.forecast() - shares.baseline(), shares.total(), COMPLETE * deviation,
                    target.toString());
        }
    }

    /** At three steps of the target's channel, beside a missing one among them, and at one of another channel. */
    private static void verifyDifferences(ModelForecaster forecaster, ForecastRequest request, Target target,
            Attribution gradient, double h) {
        int n = request.history()[0].length;
        int[][] places = {{0, n - 1}, {0, n / 2}, {0, 4}, {request.history().length - 1, n - 2}};
        double largest = 0;
        for (double[] row : gradient.values()) for (double x : row) largest = Math.max(largest, Math.abs(x));
        for (int[] place : places) {
            double difference = (value(forecaster, moved(request, place, h), target)
                    - value(forecaster, moved(request, place, -h), target)) / (2 * h);
            assertEquals(difference, gradient.values()[place[0]][place[1]],
                    2e-3 * largest + 1e-3 * Math.abs(difference), target + " at " + Arrays.toString(place));
        }
        assertTrue(largest > 0);
    }

    private static ForecastRequest moved(ForecastRequest request, int[] place, double by) {
        double[][] history = Arrays.stream(request.history()).map(double[]::clone).toArray(double[][]::new);
        history[place[0]][place[1]] += by;
        ForecastRequest moved = ForecastRequest.of(history)
                .withFrequency(request.frequency().orElseThrow())
                .withCategories(request.categories());
        return request.knownFuture().isPresent() ? moved.withKnownFuture(request.knownFuture().get()) : moved;
    }

    private static double value(ModelForecaster forecaster, ForecastRequest request, Target target) {
        double[] forecast = forecaster.forecast(request).doubleValues()[target.channel()];
        return target.step() == Target.ALL ? Arrays.stream(forecast).sum() : forecast[target.step()];
    }

    @Test
    void aChannelAloneHasToDoWithItsOwnForecast() {
        ModelForecaster forecaster = Forecaster.bundled("96-24").fast();
        double[][] history = new double[2][130];
        for (int t = 0; t < 130; t++) {
            history[0][t] = Math.sin(t);
            history[1][t] = 1e6 + 1e-3 * Math.cos(0.3 * t * t);
        }
        history[1][50] = Double.NaN;
        Explanation explanation = forecaster.explain(ForecastRequest.of(history));
        Attribution shares = explanation.integratedGradients(Target.step(1, 0));
        assertEquals(34, shares.firstStep(), "earlier steps are not read");
        assertEquals(0, shares.sum(0, 0, 130));
        assertEquals(0, shares.sum(1, 50, 51), "a missing step");
        assertEquals(shares.total(), shares.sum(1, 0, 130));
        assertEquals(shares.forecast() - shares.baseline(), shares.total(), 1e-6, "at a thousandth of the deviation");
        Occlusion occlusion = explanation.occlusion(Target.step(1, 0), 40);
        assertEquals(List.of(34, 50, 90), occlusion.stretches().stream().map(Occlusion.Stretch::from).toList());
        assertEquals(List.of(50, 90, 130), occlusion.stretches().stream().map(Occlusion.Stretch::to).toList());
        history[1] = Arrays.copyOf(history[1], 130);
        Arrays.fill(history[1], 90, 130, Double.NaN);
        double without = forecaster.forecast(ForecastRequest.of(history)).doubleValues()[1][0];
        assertEquals(occlusion.forecast() - without, occlusion.stretches().get(2).effect(), 1e-7);
    }

    @Test
    void aShortHistoryIsReadAsFarAsItGoes() {
        double[][] history = new double[1][30];
        for (int t = 0; t < 30; t++) history[0][t] = Math.sin(0.5 * t);
        Explanation explanation = Forecaster.bundled("96-24").fast().explain(ForecastRequest.of(history));
        Attribution shares = explanation.integratedGradients(Target.sum(0));
        assertEquals(30, shares.values()[0].length);
        assertEquals(shares.forecast() - shares.baseline(), shares.total(), COMPLETE);
        assertEquals(List.of(0, 6, 14, 22),
                explanation.occlusion(Target.sum(0), 8).stretches().stream().map(Occlusion.Stretch::from).toList());
    }

    @Test
    void whatNoForecastHasIsRefused() {
        double[][] history = new double[2][96];
        for (int t = 0; t < 96; t++) history[0][t] = t % 5;
        Explanation explanation = Forecaster.bundled("96-24")
                .fast()
                .explain(ForecastRequest.of(history).withHorizon(12));
        refused("channel 2: the forecast has 2 channels", () -> explanation.gradient(Target.sum(2)));
        refused("step 12: the first pass of the forecast has 12 steps, 0 to 11",
                () -> explanation.integratedGradients(Target.step(0, 12)));
        refused("channel 1 never varies", () -> explanation.occlusion(Target.sum(1), 8));
        refused("target is null", () -> explanation.gradient(null));
        refused("target is null", () -> explanation.integratedGradients(null));
        refused("target is null", () -> explanation.occlusion(null, 8));
        refused("stretches of 0 steps", () -> explanation.occlusion(Target.sum(0), 0));
        refused("channel -1", () -> Target.sum(-1));
    }

    private static void refused(String beginning, Executable executable) {
        String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
        assertTrue(message.startsWith(beginning), message);
    }
}
