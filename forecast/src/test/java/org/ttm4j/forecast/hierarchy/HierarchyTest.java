package org.ttm4j.forecast.hierarchy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Note;
import org.ttm4j.forecast.NoteCode;
import org.ttm4j.forecast.interval.Quantiles;

class HierarchyTest {
    private static final Forecaster COMBINED = Forecaster.bundled();
    private static final List<String> KEYS = List.of("store", "item");
    private static final List<List<String>> SIX = List.of(List.of("A", "1"), List.of("A", "2"), List.of("B", "1"),
            List.of("B", "2"), List.of("B", "3"), List.of("C", "1"));

    /** Six daily series with a week, a common random walk and their own noise. */
    private static double[][] six(int steps, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] series = new double[6][steps];
        double common = 0;
        double[] own = new double[6];
        for (int t = 0; t < steps; t++) {
            common += random.nextGaussian();
            for (int i = 0; i < 6; i++) {
                own[i] += random.nextGaussian();
                series[i][t] = 100 + 20 * i + common + own[i] + 10 * Math.sin(2 * Math.PI * t / 7 + i)
                        + 4 * random.nextGaussian();
            }
        }
        return series;
    }

    private static Forecast forecast(Hierarchy hierarchy, double[][] series, int horizon, TemporalAmount step) {
        ForecastRequest request = ForecastRequest.of(series).withHorizon(horizon).withFrequency(step);
        return hierarchy.forecast(COMBINED, request, Execution.ALONE);
    }

    @Test
    void seriesOfDifferentLengthsAreRefused() {
        Hierarchy hierarchy = Hierarchy.of(List.of("store"), List.of(List.of("A"), List.of("B")));
        for (double[][] series : new double[][][]{{new double[9], new double[3]}, {new double[3], new double[9]}}) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> forecast(hierarchy, series, 2, Period.ofDays(1))).getMessage();
            assertEquals("channel 1 has " + series[1].length + " steps where channel 0 has " + series[0].length,
                    message);
        }
    }

    private static void assertAddsUp(Hierarchy hierarchy, double[][] values) {
        int sums = hierarchy.names().size() - hierarchy.bottomOf(0).length;
        for (int node = 0; node < sums; node++) {
            for (int h = 0; h < values[0].length; h++) {
                double sum = 0;
                for (int part : hierarchy.bottomOf(node)) sum += values[sums + part][h];
                assertEquals(sum, values[node][h], 1e-6 * Math.max(1, Math.abs(sum)), hierarchy.names().get(node));
            }
        }
    }

    @Test
    void nodesHaveNamesThatPeopleRead() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        assertEquals(List.of("total", "store=A", "store=B", "store=C", "store=A,item=1", "store=A,item=2",
                "store=B,item=1", "store=B,item=2", "store=B,item=3", "store=C,item=1"), hierarchy.names());
        assertArrayEquals(new int[]{2, 3, 4}, hierarchy.bottomOf(2));
        assertArrayEquals(new int[]{1}, hierarchy.bottomOf(5));
        assertThrows(IllegalArgumentException.class, () -> Hierarchy.of(List.of(), SIX));
        assertThrows(IllegalArgumentException.class, () -> Hierarchy.of(List.of("store"), SIX));
        List<String> nine = Collections.nCopies(9, "a");
        String deep = assertThrows(IllegalArgumentException.class, () -> Hierarchy.of(nine, List.of(nine)))
                .getMessage();
        assertTrue(deep.contains("9 keys: expected at most 8"), deep);
        String twice = assertThrows(IllegalArgumentException.class,
                () -> Hierarchy.of(KEYS, List.of(SIX.get(0), SIX.get(0)))).getMessage();
        assertEquals("series 0 and 1 are both store=A,item=1", twice);
        String equal = assertThrows(IllegalArgumentException.class, () -> Hierarchy.of(List.of("store", "store"), SIX))
                .getMessage();
        assertEquals("keys [store, store]: expected each once", equal);
    }

    @Test
    void whatIsNullIsNamed() {
        Hierarchy hierarchy = Hierarchy.of(List.of("store"), List.of(List.of("A"), List.of("B")));
        ForecastRequest request = ForecastRequest.of(new double[2][9]).withHorizon(2);
        isNull("keys", () -> Hierarchy.of(null, SIX));
        isNull("bottom", () -> Hierarchy.of(KEYS, null));
        isNull("keys[1]", () -> Hierarchy.of(Arrays.asList("store", null), SIX));
        isNull("bottom[1]", () -> hierarchy.histories(new double[][]{{1}, null}, 2));
        isNull("forecaster", () -> hierarchy.forecast(null, request, Execution.ALONE));
        isNull("bottom", () -> hierarchy.forecast(COMBINED, null, Execution.ALONE));
        isNull("base", () -> hierarchy.reconciled(request, null));
        isNull("byColumn", () -> Hierarchy.ofNode(0, request, null));
        assertThrows(IllegalArgumentException.class, () -> Hierarchy.ofNode(0, request, List.of()));
        String value = assertThrows(IllegalArgumentException.class,
                () -> Hierarchy.of(List.of("store"), List.of(Arrays.asList((String) null)))).getMessage();
        assertEquals("series 0 has the values [null]: expected one for each of [store]", value);
    }

    @Test
    void whatLiesOutsideTheQuantilesIsCountedInEachNode() {
        ForecastRequest nodes = ForecastRequest.of(new double[3][9]).withHorizon(1);
        double[][][] samples = {{{1}, {2}}, {{1}, {2}}, {{1}, {2}}};
        double[][] values = {{1.5}, {1.5}, {7}};
        Forecast made = Forecast.of(nodes, new int[]{0, 1, 2}, values)
                .withQuantiles(Quantiles.ofSamples(new double[]{0.1, 0.9}, samples, 8))
                .withWeights(Collections.nCopies(3, Map.of()))
                .withMean(values, samples);
        ForecastRequest column = ForecastRequest.of(new double[1][9]).withHorizon(1);
        String rest = "the quantiles rest on 8 earlier forecasts and what came of them";
        assertEquals(List.of(rest), Hierarchy.ofNode(0, column, List.of(made)).notes());
        assertEquals(List.of(rest
                + "; 1 of 1 values lie outside them, as those forecasts erred to one side, which need " + "not go on"),
                Hierarchy.ofNode(2, column, List.of(made)).notes());
    }

    @Test
    void aForecastOfALongerHistoryIsRefused() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        ForecastRequest bottom = ForecastRequest.of(six(60, 1)).withHorizon(7);
        Forecast base = COMBINED.forecast(hierarchy.request(COMBINED, bottom));
        assertEquals("bottom is not the request of base: 40 steps, of which base was measured on the first 60",
                assertThrows(IllegalArgumentException.class,
                        () -> hierarchy.reconciled(bottom.withHistory(six(40, 1)), base)).getMessage());
    }

    private static void isNull(String name, Executable call) {
        assertEquals(name + " is null", assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void valuesAndPathsAddUpAndQuantilesAreThoseOfThePaths() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        Forecast forecast = forecast(hierarchy, six(200, 1), 14, Duration.ofDays(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        double[][][] samples = forecast.samples().orElseThrow();
        for (int path = 0; path < 5; path++) {
            double[][] one = new double[samples.length][];
            for (int node = 0; node < one.length; node++) one[node] = samples[node][path];
            assertAddsUp(hierarchy, one);
        }
        double[] last = Arrays.stream(samples[0]).mapToDouble(path -> path[13]).sorted().toArray();
        double high = forecast.doubleQuantile(0.9)[0][13];
        assertTrue(last[samples[0].length * 85 / 100] < high && high < last[samples[0].length * 95 / 100]);
        assertTrue(forecast.codedNotes().stream().anyMatch(note -> note.code() == NoteCode.RECONCILED));
        ForecastRequest few = ForecastRequest.of(six(200, 1))
                .withHorizon(14)
                .withFrequency(Duration.ofDays(1))
                .withSamples(5);
        assertArrayEquals(forecast.doubleQuantile(0.9),
                hierarchy.forecast(COMBINED, few, Execution.ALONE).doubleQuantile(0.9),
                "which rest on more paths than are wanted");
    }

    @Test
    void theMeanOfSkewedDemandIsAboveItsMedianAndAddsUp() {
        SplittableRandom random = new SplittableRandom(7);
        double[][] series = new double[6][200];
        for (double[] one : series) Arrays.setAll(one, t -> Math.exp(2 + random.nextGaussian()));
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        Forecast forecast = forecast(hierarchy, series, 14, Duration.ofDays(1));
        double[][] means = forecast.mean().orElseThrow();
        assertAddsUp(hierarchy, means);
        double medians = Arrays.stream(forecast.doubleValues()[0]).sum();
        assertTrue(Arrays.stream(means[0]).sum() > 1.1 * medians, Arrays.toString(means[0]) + " of " + medians);
    }

    /** What is raised to 0 is taken from the others of its sum: raised alone, the total of the paths is above its mean. */
    @Test
    void pathsOfSparseDemandHaveTheTotalOfTheirMeans() {
        SplittableRandom random = new SplittableRandom(8);
        double[][] series = new double[6][300];
        for (double[] one : series) Arrays.setAll(one, t -> random.nextDouble() < 0.15 ? 1 + random.nextInt(8) : 0);
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        Forecast forecast = forecast(hierarchy, series, 28, Period.ofDays(1));
        double[][][] samples = forecast.samples().orElseThrow();
        double paths = 0;
        for (double[] path : samples[0]) paths += Arrays.stream(path).sum() / samples[0].length;
        double mean = Arrays.stream(forecast.mean().orElseThrow()[0]).sum();
        assertEquals(mean, paths, 0.04 * mean);
        for (double[][] node : samples) for (double[] path : node) for (double value : path) assertTrue(value >= 0);
        double[][] one = Arrays.stream(samples).map(node -> node[3]).toArray(double[][]::new);
        assertAddsUp(hierarchy, one);
    }

    @Test
    void aRaisedSeriesLeavesTheSumsAsTheyWere() {
        double[][] errors = {{1, 2, 0, 1, 0}, {-2, 1, 1, 0, 3}, {1, -1, 2, 2, -1}, {0, 1, -1, 1, 1}};
        Reconciliation reconciliation = Reconciliation.byErrors(new int[][]{{2, 3, 4}, {2, 3}}, 5, errors);
        double[] values = {12, 5, -1, 6, 7};
        reconciliation.apply(values, new boolean[5], new double[5]);
        assertArrayEquals(new double[]{12, 5, 0, 5, 7}, values, 1e-9);
        double[] below = {6, -1, -2, 1, 7};
        reconciliation.apply(below, new boolean[5], new double[5]);
        assertArrayEquals(new double[]{6, 0, 0, 0, 6}, below, 1e-9);
    }

    /** No least values. */
    private static double[] free(int nodes) {
        return DoubleStream.generate(() -> Double.NEGATIVE_INFINITY).limit(nodes).toArray();
    }

    @Test
    void aSeriesThatWasNegativeLeavesTheOthersTheirLeastValue() {
        double[] values = {1, 0, -3, 2, 1};
        Reconciliation.bottomUp(new int[][]{{2, 3, 4}, {2, 3}}, 5)
                .apply(values, new boolean[5], new double[]{0, 0, 0, 0, Double.NEGATIVE_INFINITY});
        assertArrayEquals(new double[]{1, 0, 0, 0, 1}, values, 1e-12);
    }

    @Test
    void aYoungSeriesLeavesTheOthersReconciledByTheirErrors() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        double[][] series = six(200, 1);
        Arrays.fill(series[5], 0, 190, Double.NaN);
        Forecast forecast = forecast(hierarchy, series, 14, Duration.ofDays(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        assertTrue(forecast.notes().toString().contains("by the errors of earlier forecasts"),
                forecast.notes().toString());
    }

    @Test
    void aForecastOfAnotherRequestIsNotReconciled() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        ForecastRequest request = ForecastRequest.of(six(100, 1)).withHorizon(7);
        ForecastRequest nodes = hierarchy.request(COMBINED, request);
        for (ForecastRequest other : List.of(request, nodes.withHistory(six(100, 1)),
                request.withHistory(nodes.history()))) {
            Forecast base = COMBINED.forecast(other);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> hierarchy.reconciled(request, base))
                    .getMessage()
                    .startsWith("base is not the forecast of what request() returned: expected " + nodes.channels()));
        }
    }

    @Test
    void whatSumsAndPartsCannotKeepTogetherIsRefused() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        ForecastRequest request = ForecastRequest.of(six(100, 1)).withHorizon(7);
        for (ForecastRequest wrong : List.of(request.withUpper(500), request.asCounts(), request.withLower(-10),
                request.withEmbedding(), request.withComponents())) {
            assertThrows(IllegalArgumentException.class, () -> hierarchy.forecast(COMBINED, wrong, Execution.ALONE));
        }
    }

    /** Of as many steps as are forecast, so that it is not closed either. */
    @Test
    void aSeriesThatWasNeverObservedLeavesTheSumsOfTheOthers() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        double[][] series = six(40, 1);
        double[] total = hierarchy.histories(series, 40)[0];
        double[] last = series[5].clone();
        Arrays.fill(series[5], Double.NaN);
        double[][] histories = hierarchy.histories(series, 40);
        for (int t = 0; t < 40; t++) {
            assertEquals(total[t] - last[t], histories[0][t], 1e-9);
            assertTrue(Double.isNaN(histories[3][t]), "store C has nothing else");
        }
        Forecast forecast = forecast(hierarchy, series, 40, Duration.ofDays(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        assertTrue(forecast.notes().toString().contains("by the errors of earlier forecasts"),
                forecast.notes().toString());
        assertEquals(List.of(3, 9),
                forecast.codedNotes()
                        .stream()
                        .filter(note -> note.code() == NoteCode.UNOBSERVED)
                        .map(Note::channel)
                        .toList());
        for (double[] one : series) Arrays.fill(one, Double.NaN);
        assertThrows(IllegalArgumentException.class, () -> forecast(hierarchy, series, 40, Duration.ofDays(1)));
    }

    @Test
    void aShortHistoryIsAddedUpFromTheBottom() {
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        Forecast forecast = forecast(hierarchy, six(4, 1), 3, Period.ofYears(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        assertTrue(forecast.notes().toString().contains("too few earlier forecasts"), forecast.notes().toString());
    }

    @Test
    void aSeriesThatEndedIsClosedAndSaid() {
        double[][] series = six(120, 2);
        Arrays.fill(series[5], 80, 120, Double.NaN);
        Arrays.fill(series[4], 117, 120, Double.NaN);
        Arrays.fill(series[0], 0, 20, Double.NaN);
        series[1][50] = Double.NaN;
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        double[][] histories = hierarchy.histories(series, 7);
        assertEquals(0, histories[3][119]);
        assertTrue(Double.isNaN(histories[0][118]));
        assertEquals(series[1][10], histories[1][10], 1e-9);
        assertEquals(series[0][50] + (series[1][49] + series[1][51]) / 2, histories[1][50], 1e-9);
        Forecast forecast = forecast(hierarchy, series, 7, Duration.ofDays(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        String notes = forecast.notes(hierarchy.names()).toString();
        assertTrue(notes.contains("channel store=C,item=1: ended 40 steps before the others; it is taken as closed"),
                notes);
        assertTrue(notes.contains("channel store=B,item=3: ended 3 steps before the others,"), notes);
        assertEquals(0, forecast.value(9, 6));
        assertEquals(0, forecast.mean(9, 6));
    }

    /** All reports are late, one by 3 steps more. */
    @Test
    void aGapThatAllSeriesHaveAtTheirEndsClosesNone() {
        double[][] series = six(120, 2);
        for (double[] one : series) Arrays.fill(one, 115, 120, Double.NaN);
        Arrays.fill(series[0], 112, 120, Double.NaN);
        Hierarchy hierarchy = Hierarchy.of(KEYS, SIX);
        Forecast forecast = forecast(hierarchy, series, 2, Duration.ofDays(1));
        assertAddsUp(hierarchy, forecast.doubleValues());
        assertTrue(forecast.value(5, 1) > 0, Arrays.toString(forecast.doubleValues()[5]));
        String notes = forecast.notes(hierarchy.names()).toString();
        assertTrue(notes.contains("ended 3 steps before the others; it is taken as closed"), notes);
        assertEquals(1, notes.split("ended ", -1).length - 1, notes);
    }

    /** Two parts and a sum whose forecast is nearly exact: what is missed is shared, and more by the less certain. */
    @Test
    void whatErredLessIsTrusted() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] errors = new double[500][];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = new double[]{0.01 * random.nextGaussian(), 3 * random.nextGaussian(), random.nextGaussian()};
        }
        Reconciliation reconciliation = Reconciliation.byErrors(new int[][]{{1, 2}}, 3, errors);
        double[] values = {20, 5, 5};
        reconciliation.apply(values, new boolean[3], new double[3]);
        assertArrayEquals(new double[]{20, 14, 6}, values, 0.3);
        double[] kept = {10, 5, 5};
        reconciliation.apply(kept, new boolean[3], new double[3]);
        assertArrayEquals(new double[]{10, 5, 5}, kept, 1e-9);
    }

    /** A shock that hits all adds up: the errors of the sum are the largest, and its own forecast is the best. */
    @Test
    void aSumWhoseErrorsAreASharedShockIsTrustedMore() {
        SplittableRandom random = new SplittableRandom(4);
        double[][] errors = new double[500][5];
        for (double[] row : errors) {
            double unforeseen = 3 * random.nextGaussian();
            row[0] = 4 * unforeseen + 0.5 * random.nextGaussian();
            for (int i = 1; i < 5; i++) row[i] = unforeseen + random.nextGaussian();
        }
        Reconciliation reconciliation = Reconciliation.byErrors(new int[][]{{1, 2, 3, 4}}, 5, errors);
        double[] values = {48, 10, 10, 10, 10};
        reconciliation.apply(values, new boolean[5], new double[5]);
        assertTrue(values[0] > 44 && values[0] < 48, Arrays.toString(values));
        assertEquals(values[0] / 4, values[3], 0.1);
    }

    /** At the nearest, no change of a bottom series, nor of the sums that it is part of, brings forecasts nearer. */
    @Test
    void whatAddsUpIsTheNearest() {
        int[][] parts = {{4, 5, 6, 7}, {4, 5}, {4}, {6, 7}};
        SplittableRandom random = new SplittableRandom(5);
        double[] variances = random.doubles(8, 0.1, 3).toArray();
        double[] values = random.doubles(8, -5, 5).toArray();
        boolean[] closed = new boolean[8];
        closed[7] = true;
        double[] reconciled = values.clone();
        new Reconciliation(parts, Reconciliation.parents(parts, 8), variances).apply(reconciled, closed, free(8));
        assertEquals(0, reconciled[7]);
        for (int bottom = 4; bottom < 7; bottom++) {
            double slope = 0;
            for (int node = 0; node < 8; node++) {
                int part = bottom;
                if (node == bottom || node < 4 && IntStream.of(parts[node]).anyMatch(i -> i == part)) {
                    slope += (reconciled[node] - values[node]) / variances[node];
                }
            }
            assertEquals(0, slope, 1e-9);
        }
    }

    @Test
    void fromTheBottomUpOnlySumsChangeButForTheLeastValue() {
        int[][] parts = {{2, 3, 4}, {2, 3}};
        double[] values = {50, -7, 3, 4, -2};
        Reconciliation bottomUp = Reconciliation.bottomUp(parts, 5);
        double[] free = values.clone();
        bottomUp.apply(free, new boolean[5], free(5));
        assertArrayEquals(new double[]{5, 7, 3, 4, -2}, free);
        bottomUp.apply(values, new boolean[5], new double[5]);
        assertArrayEquals(new double[]{5, 5, 3 * 5 / 7.0, 4 * 5 / 7.0, 0}, values, 1e-12);
    }

    /** Its errors grow by a large factor whatever is done, and say nothing of the others. */
    @Test
    void aSeriesThatIsNearlyExactDecidesNothing() {
        SplittableRandom random = new SplittableRandom(6);
        double[][] errors = new double[200][6];
        for (double[] row : errors) {
            double shock = 3 * random.nextGaussian();
            row[0] = 4 * shock + 0.5 * random.nextGaussian();
            for (int i = 1; i < 5; i++) row[i] = shock + random.nextGaussian();
            row[5] = 1e-4 * random.nextGaussian();
        }
        double[] values = {48, 10, 10, 10, 10, 0};
        Reconciliation.byErrors(new int[][]{{1, 2, 3, 4, 5}}, 6, errors).apply(values, new boolean[6], new double[6]);
        assertTrue(values[0] > 43, Arrays.toString(values));
        for (double[] row : errors) Arrays.fill(row, 0);
        double[] exact = {6, 1, 1, 1, 1, 1};
        Reconciliation.byErrors(new int[][]{{1, 2, 3, 4, 5}}, 6, errors).apply(exact, new boolean[6], new double[6]);
        assertArrayEquals(new double[]{5 + 5 / 6.0, 7 / 6.0, 7 / 6.0, 7 / 6.0, 7 / 6.0, 7 / 6.0}, exact, 1e-12);
    }

    @Test
    void fortyThousandNodesAreReconciled() {
        int nodes = 40_001;
        double[][] errors = new double[3][nodes];
        for (double[] row : errors) Arrays.fill(row, 1);
        int[][] parts = {IntStream.range(1, nodes).toArray()};
        double[] values = new double[nodes];
        values[0] = nodes - 1;
        Reconciliation.byErrors(parts, nodes, errors).apply(values, new boolean[nodes], new double[nodes]);
        assertEquals(1, values[1], 1e-3);
        assertEquals(nodes - 1, values[0], 10);
    }

    private record Rmse(double top, double bottom, double inside) {}

    /** Errors over those of the forecasts before they are reconciled, by root mean square, and the coverage of the total's 80 %. */
    private static Rmse rmse(Hierarchy hierarchy, List<double[][]> sets, int horizon, int origins,
            TemporalAmount step) {
        double[][] squares = new double[2][2];
        int inside = 0;
        int nodes = hierarchy.names().size();
        for (int i = 0; i < sets.size() * origins; i++) {
            double[][] series = sets.get(i / origins);
            int w = 1 + i % origins;
            int sums = nodes - series.length;
            int end = series[0].length - w * horizon;
            double[][] known = Arrays.stream(series).map(one -> Arrays.copyOf(one, end)).toArray(double[][]::new);
            double[][] truth = hierarchy.histories(series, horizon);
            ForecastRequest request = ForecastRequest.of(known).withHorizon(horizon).withFrequency(step);
            Forecast base = COMBINED.forecast(hierarchy.request(COMBINED, request));
            Forecast forecast = hierarchy.reconciled(request, base);
            for (int node = 0; node < nodes; node++) {
                if (node > 0 && node < sums) continue;
                double scale = node == 0
                        ? 1
                        : Math.sqrt(1 + Arrays.stream(truth[node]).map(v -> v * v).average().orElse(0));
                for (int h = 0; h < horizon; h++) {
                    double came = truth[node][end + h];
                    double one = (came - base.value(node, h)) / scale;
                    double two = (came - forecast.value(node, h)) / scale;
                    squares[0][node == 0 ? 0 : 1] += one * one;
                    squares[1][node == 0 ? 0 : 1] += two * two;
                    if (node == 0 && forecast.doubleQuantile(0.1)[0][h] <= came
                            && came <= forecast.doubleQuantile(0.9)[0][h]) {
                        inside++;
                    }
                }
            }
        }
        return new Rmse(Math.sqrt(squares[1][0] / squares[0][0]), Math.sqrt(squares[1][1] / squares[0][1]),
                (double) inside / (sets.size() * origins * horizon));
    }

    @Test
    @Tag("accuracy")
    void aGeneratedHierarchyIsNoWorseForIt() {
        List<double[][]> sets = IntStream.range(10, 18).mapToObj(seed -> six(240, seed)).toList();
        Rmse rmse = rmse(Hierarchy.of(KEYS, SIX), sets, 14, 3, Duration.ofDays(1));
        assertTrue(rmse.top < 1, "top " + rmse.top);
        assertTrue(rmse.bottom < 1.02, "bottom " + rmse.bottom);
        assertTrue(rmse.inside > 0.65 && rmse.inside < 0.95, "inside " + rmse.inside);
    }

    /** Travellers by country and purpose of travel. */
    @Test
    @Tag("accuracy")
    void travelByCountryAndPurpose() throws IOException {
        Path file = Path.of(System.getProperty("ttm4j.shared", "../../shared"), "data/pretrain/aus_travel",
                "aus_inbound_monthly.csv.gz");
        assumeTrue(Files.exists(file), "no " + file);
        List<List<String>> labels = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file))))) {
            for (String name : in.readLine().split(",")) {
                int at = Math.max(name.lastIndexOf('_'), 0);
                if (name.endsWith("Visiting_Friends_or_Relatives")) at = name.indexOf("_Visiting");
                labels.add(List.of(name.substring(0, at), name.substring(at)));
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                rows.add(Arrays.stream(line.split(",", -1))
                        .skip(1)
                        .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
                        .toArray());
            }
        }
        labels.remove(0);
        labels.subList(60, labels.size()).clear(); // ten countries say it as well as twenty
        double[][] series = new double[labels.size()][rows.size()];
        for (int i = 0; i < series.length; i++) for (int t = 0; t < rows.size(); t++) series[i][t] = rows.get(t)[i];
        Hierarchy hierarchy = Hierarchy.of(List.of("country", "purpose"), labels);
        Rmse rmse = rmse(hierarchy, List.<double[][]>of(series), 12, 2, Period.ofMonths(1));
        assertTrue(rmse.bottom < 1.02 && rmse.top < 1.02, rmse.toString());
    }
}
