package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.eval.protocol.Evaluation;
import org.ttm4j.eval.protocol.EvaluationProtocol;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Standardization;

class EvaluationTest {
    private static final int ROWS = 700;
    private static final EvaluationProtocol PROTOCOL = EvaluationProtocol.RATIO;

    @TempDir
    Path folder;

    private static float[][] values(int channels) {
        float[][] values = new float[channels][ROWS];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < ROWS; t++) values[c][t] = (float) Samples.value(t, c);
        }
        return values;
    }

    private static Forecaster forecaster() {
        return Forecaster.of(new TtmModel(Samples.config().build()).initialize(3)).fast();
    }

    /** MSE and MAE, one window after the other. */
    private static double[] plain(float[][] values, int horizon, int stride) {
        Split split = PROTOCOL.split(ROWS, Samples.CONTEXT, horizon);
        double[][] doubles = ForecastRequest.of(values).history();
        float[][] scaled = Standardization.fit(doubles, split.train()).apply(doubles);
        double[] sums = new double[2];
        int count = 0;
        for (int w = split.test().from(); w + Samples.CONTEXT + horizon <= split.test().to(); w += stride) {
            int begin = w + Samples.CONTEXT;
            float[][] history = Arrays.stream(scaled).map(x -> Arrays.copyOf(x, begin)).toArray(float[][]::new);
            float[][] forecast = forecaster().forecast(history, horizon).values();
            for (int c = 0; c < values.length; c++) {
                for (int h = 0; h < horizon; h++) {
                    double error = (double) forecast[c][h] - scaled[c][begin + h];
                    if (Double.isNaN(error)) continue;
                    sums[0] += error * error;
                    sums[1] += Math.abs(error);
                    count++;
                }
            }
        }
        return new double[]{sums[0] / count, sums[1] / count};
    }

    private static Evaluation test(float[][] values, int horizon, int stride) {
        return Evaluation.ofTest(Precision.doubles(values), PROTOCOL, Samples.CONTEXT, horizon, stride);
    }

    private static Scores scores(float[][] values, int horizon, int stride, int threads) throws InterruptedException {
        ForecastErrors errors = new ForecastErrors(values.length, horizon);
        test(values, horizon, stride).measure(forecaster(), ForecastRequest.of(values), 0, threads, done -> {}, errors);
        return errors.total();
    }

    private static void assertScores(double[] expected, Scores actual) {
        assertEquals(expected[0], actual.mse(), 1e-9 * expected[0]);
        assertEquals(expected[1], actual.mae(), 1e-9 * expected[1]);
    }

    @Test
    void scoresAreThoseOfForecastingWindowByWindow() throws InterruptedException {
        for (int stride : new int[]{1, 7}) {
            float[][] values = values(3);
            values[1][650] = Float.NaN;
            assertScores(plain(values, 12, stride), scores(values, 12, stride, 2));
        }
    }

    @Test
    void longAndShortHorizonsAreReached() throws InterruptedException {
        for (int horizon : new int[]{5, 29}) {
            assertScores(plain(values(2), horizon, 5), scores(values(2), horizon, 5, 2));
        }
    }

    @Test
    void threadsDoNotChangeTheResult() throws InterruptedException {
        assertEquals(scores(values(5), 12, 1, 1).mse(), scores(values(5), 12, 1, 3).mse());
        AtomicInteger done = new AtomicInteger();
        test(values(5), 12, 1).measure(forecaster(), ForecastRequest.of(values(5)), 0, 3, done::addAndGet,
                new ForecastErrors(5, 12));
        assertEquals(test(values(5), 12, 1).windows(), done.get());
    }

    @Test
    void windowsAreThoseOfTheBenchmark() {
        assertEquals(2785, Evaluation.ofTest(new double[1][17420], EvaluationProtocol.ETTH, 512, 96, 1).windows());
        assertEquals(11425, Evaluation.ofTest(new double[1][69680], EvaluationProtocol.ETTM, 512, 96, 1).windows());
        assertEquals(1429, Evaluation.ofTest(new double[1][69680], EvaluationProtocol.ETTM, 512, 96, 8).windows());
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> test(new float[1][90], 96, 1));
        assertThrows(IllegalArgumentException.class, () -> test(values(1), 12, 0));
    }

    @Test
    void aForecastThatIsNotANumberIsAnError() {
        TtmModel broken = new TtmModel(Samples.config().build()).initialize(3);
        broken.parameters().values().forEach(parameter -> parameter.value()[0] = Float.NaN);
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
                () -> test(values(1), 12, 1).measure(Forecaster.of(broken).fast(), ForecastRequest.of(values(1)), 0, 1,
                        done -> {}, new ForecastErrors(1, 12)));
        assertTrue(failure.getMessage().contains("the forecast is NaN"), failure.getMessage());
    }

    @Test
    void commandPrintsATableOrJson() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("x.csv"), 0, ROWS, "a", "b");
        String[] command = {"evaluate", "x.csv", "--protocol", "ratio", "--horizon", "12", "--model", "model"};
        CliRun text = CliRun.in(folder, command);
        assertEquals(0, text.code(), text.err());
        assertTrue(text.lines().get(0).contains("129 windows of 48 + 12 rows"), text.out());
        assertEquals(8, text.lines().size());
        assertTrue(text.lines().get(5).startsWith("balanced, after up to 2,048 rows, all windows"), text.out());
        String[] withJson = Arrays.copyOf(command, command.length + 1);
        withJson[command.length] = "--json";
        CliRun run = CliRun.in(folder, withJson);
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), "stdout");
        assertEquals(List.of("file", "protocol", "context", "horizon", "stride", "windows", "frequency", "period",
                "mse", "mae", "baselines", "combination"), List.copyOf(json.keySet()));
        assertEquals(Set.of("seasonal_naive", "mean_period"), ((Map<?, ?>) json.get("baselines")).keySet());
        assertEquals(129L, json.get("windows"));
        assertTrue((double) json.get("mse") > 0);
        assertEquals("PT1H", json.get("frequency"));
        Map<?, ?> combination = (Map<?, ?>) json.get("combination");
        Map<?, ?> alone = (Map<?, ?>) combination.get("model");
        assertEquals(129L, combination.get("windows"));
        assertEquals((double) json.get("mse"), (double) alone.get("mse"), 1e-9);
        double ratio = (double) combination.get("mse") / (double) alone.get("mse");
        assertEquals(ratio, (double) combination.get("over_model"), 1e-9);
        assertTrue(ratio < 0.9, "an untrained model, combined with the last day: " + ratio);
        withJson[withJson.length - 1] = "--mode=fast";
        assertEquals(text.lines().subList(0, 5), CliRun.in(folder, withJson).lines());
    }

    @Test
    void textsAreKnownToo() throws IOException {
        Samples.model(folder);
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("time,load,weather\n");
        for (int row = 0; row < 400; row++) {
            boolean rain = random.nextInt(3) == 0;
            text.append(String.format(Locale.ROOT, "%s,%.4f,%s%n", Samples.time(row),
                    Samples.value(row, 0) + (rain ? 30 : 0), rain ? "rain" : "sun"));
        }
        Files.writeString(folder.resolve("x.csv"), text);
        double known = combinedMae("--known-future", "weather");
        assertTrue(known < 0.8 * combinedMae("--ignore", "weather"), known + " with a known weather");
    }

    private double combinedMae(String option, String column) throws IOException {
        CliRun run = CliRun.in(folder, "evaluate", "x.csv", "--model", "model", "--horizon", "12", "--stride", "12",
                "--json", option, column);
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
        return (double) ((Map<?, ?>) json.get("combination")).get("mae");
    }

    @Test
    void withoutAModeTheCombinationIsMeasuredOnSomeOfManyWindows() throws IOException, InterruptedException {
        Evaluation some = test(values(2), 12, 1).thinned(40);
        assertEquals(33, some.windows());
        Forecaster combined = forecaster().in(ForecastMode.BALANCED);
        ForecastErrors errors = new ForecastErrors(2, 12);
        some.withHistory(600).measure(combined, ForecastRequest.of(values(2)), 0, 2, done -> {}, errors);
        assertEquals(33 * 12 * 2, errors.total().count());
        Samples.model(folder);
        Samples.hourly(folder.resolve("x.csv"), 0, 6000, "a");
        CliRun run = CliRun.in(folder, "evaluate", "x.csv", "--model", "model", "--json");
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
        assertEquals(1189L, json.get("windows"));
        assertEquals(595L, ((Map<?, ?>) json.get("combination")).get("windows"));
    }

    /** The validation rows, a tenth, have to hold the horizon. */
    @Test
    void ofTheBundledModelsTheLongestWhoseWindowsFitIsMeasured() throws IOException {
        int[][] sizes = {{960, 512, 96}, {900, 96, 24}, {300, 96, 24}};
        for (int[] size : sizes) {
            Samples.hourly(folder.resolve("x.csv"), 0, size[0], "a");
            CliRun run = CliRun.in(folder, "evaluate", "x.csv", "--json", "--stride", "20", "--mode", "fast");
            Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
            assertEquals((long) size[1], json.get("context"));
            assertEquals((long) size[2], json.get("horizon"));
            String note = "note: x.csv: too few rows for windows of 512 steps of history: measured with the bundled "
                    + "model for " + size[1];
            assertEquals(size[1] < 512, run.err().contains(note), run.err());
            CliRun named = CliRun.in(folder, "evaluate", "x.csv", "--json", "--stride", "20", "--mode", "fast",
                    "--model", size[1] + "-" + size[2]);
            assertEquals(run.out(), named.out());
        }
        CliRun longer = CliRun.in(folder, "evaluate", "x.csv", "--json", "--horizon", "30");
        assertEquals(96L, Json.parseObject(longer.out().getBytes(), longer.err()).get("context"));
        Samples.hourly(folder.resolve("x.csv"), 0, 200, "a");
        CliRun none = CliRun.in(folder, "evaluate", "x.csv");
        assertTrue(none.err().contains("too few for one window of 96 + 24 rows"), none.err());
        assertFalse(none.err().contains("measured with"), none.err());
    }

    @Test
    void commandNamesWhatIsWrong() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("x.csv"), 0, 90, "a");
        CliRun run = CliRun.in(folder, "evaluate", "x.csv", "--protocol", "etth", "--model", "model");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("14400"), run.err());
        CliRun several = CliRun.in(folder, "evaluate", "absent.csv", "x.csv", "--horizon", "96", "--model", "model");
        assertEquals(1, several.code());
        assertTrue(several.err().contains("absent.csv: no such file") && several.err().contains("x.csv: 90 rows"),
                several.err());
        assertEquals(2, CliRun.in(folder, "evaluate").code());
        assertEquals(2, CliRun.in(folder, "evaluate", "x.csv", "--protocol", "other").code());
    }

    @Test
    void shortSeriesAreGeneratedAndMeasured() throws IOException {
        CliRun run = CliRun.in(folder, "evaluate", "--short-series", "--json");
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
        List<?> groups = (List<?>) json.get("groups");
        assertEquals(18, groups.size());
        double logarithms = 0;
        for (Object group : groups) {
            Map<?, ?> one = (Map<?, ?>) group;
            assertEquals(40L, one.get("with_quantiles"));
            assertTrue((double) one.get("mae_over_seasonal_naive") < 1.05, one.toString());
            logarithms += Math.log((double) one.get("mae_over_seasonal_naive")) / 18;
        }
        assertEquals(Math.exp(logarithms), (double) json.get("mae_over_seasonal_naive"), 1e-12);
        assertTrue((double) json.get("mae_over_seasonal_naive") < 0.88, run.out());
        assertTrue((double) json.get("model") > 1, run.out());
        CliRun other = CliRun.in(folder, "evaluate", "--short-series", "--seed", "2", "--mode", "fast");
        assertEquals(0, other.code(), other.err());
        assertEquals(22, other.lines().size());
        assertEquals(2, CliRun.in(folder, "evaluate", "--seed", "2").code());
        assertEquals(2, CliRun.in(folder, "evaluate", "--short-series", "--horizon", "9").code());
        assertEquals(2, CliRun.in(folder, "evaluate", "--short-series", "x.csv").code());
        assertEquals(2, CliRun.in(folder, "evaluate", "--short-series", "--seed", "x").code());
    }
}
