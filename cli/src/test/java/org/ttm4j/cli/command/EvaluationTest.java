package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.eval.protocol.Evaluation;
import org.ttm4j.eval.protocol.EvaluationProtocol;
import org.ttm4j.eval.protocol.Period;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.eval.protocol.Standardizer;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

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
        return Forecaster.of(new TtmModel(Samples.config().build()).initialize(3));
    }

    /** MSE and MAE, one window after the other. */
    private static double[] plain(float[][] values, int horizon, int stride) {
        Split split = PROTOCOL.split(ROWS, Samples.CONTEXT, horizon);
        float[][] scaled = Standardizer.fit(values, split.train()).scale(values);
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

    private static void assertScores(double[] expected, Evaluation.Scores actual) {
        assertEquals(expected[0], actual.mse(), 1e-9 * expected[0]);
        assertEquals(expected[1], actual.mae(), 1e-9 * expected[1]);
    }

    @Test
    void scoresAreThoseOfForecastingWindowByWindow() {
        for (int stride : new int[]{1, 7}) {
            float[][] values = values(3);
            values[1][650] = Float.NaN;
            Evaluation test = Evaluation.ofTest(values, PROTOCOL, Samples.CONTEXT, 12, stride);
            assertScores(plain(values, 12, stride), test.scores(forecaster(), null, 2, done -> {}));
        }
    }

    @Test
    void longAndShortHorizonsAreReached() {
        for (int horizon : new int[]{5, 29}) {
            Evaluation test = Evaluation.ofTest(values(2), PROTOCOL, Samples.CONTEXT, horizon, 5);
            assertScores(plain(values(2), horizon, 5), test.scores(forecaster(), null, 2, done -> {}));
        }
    }

    @Test
    void threadsDoNotChangeTheResult() {
        Evaluation test = Evaluation.ofTest(values(5), PROTOCOL, Samples.CONTEXT, 12, 1);
        AtomicInteger done = new AtomicInteger();
        Evaluation.Scores one = test.scores(forecaster(), Duration.ofHours(1), 1, done::addAndGet);
        assertEquals(test.windows(), done.get());
        assertEquals(one, test.scores(forecaster(), Duration.ofHours(1), 3, windows -> {}));
    }

    @Test
    void windowsAreThoseOfTheBenchmark() {
        assertEquals(2785, Evaluation.ofTest(new float[1][17420], EvaluationProtocol.ETTH, 512, 96, 1).windows());
        assertEquals(11425,
                Evaluation.ofValidation(new float[1][69680], EvaluationProtocol.ETTM, 512, 96, 1).windows());
        assertEquals(1429, Evaluation.ofTest(new float[1][69680], EvaluationProtocol.ETTM, 512, 96, 8).windows());
    }

    @Test
    void baselinesAreExactWhereTheyMustBe() {
        float[][] periodic = new float[1][200];
        for (int t = 0; t < 200; t++) periodic[0][t] = t % 24;
        Evaluation evaluation = Evaluation.of(periodic, new Split.Range(0, 200), 48, 30, 1);
        assertEquals(new Evaluation.Scores(0, 0, 123 * 30), evaluation.lastPeriod(new int[]{0}, 24, 2));
        assertEquals(new Evaluation.Scores(0, 0, 123 * 30), evaluation.meanPeriod(new int[]{0}, 24, 2));
        float[][] ramp = new float[1][200];
        for (int t = 0; t < 200; t++) ramp[0][t] = t;
        Evaluation rising = Evaluation.of(ramp, new Split.Range(0, 200), 48, 24, 1);
        assertEquals(new Evaluation.Scores(576, 24, 129 * 24), rising.lastPeriod(new int[]{0}, 24, 1));
        assertEquals(new Evaluation.Scores(1296, 36, 129 * 24), rising.meanPeriod(new int[]{0}, 24, 1));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Evaluation.of(values(1), new Split.Range(0, 59), 48, 12, 1));
        assertThrows(IllegalArgumentException.class,
                () -> Evaluation.of(values(1), new Split.Range(0, 100), 48, 12, 0));
    }

    @Test
    void aForecastThatIsNotANumberIsAnError() {
        TtmModel broken = new TtmModel(Samples.config().build()).initialize(3);
        broken.parameters().values().forEach(parameter -> parameter.value()[0] = Float.NaN);
        Evaluation evaluation = Evaluation.of(values(1), new Split.Range(0, 100), 48, 12, 1);
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
                () -> evaluation.scores(Forecaster.of(broken), null, 1, done -> {}));
        assertTrue(failure.getMessage().contains("the forecast is NaN"), failure.getMessage());
    }

    @Test
    void periodsFollowTheInterval() {
        assertEquals(new Period(24, "day"), Period.of(Frequency.ofMillis(3_600_000), 512));
        assertEquals(new Period(144, "day"), Period.of(Frequency.ofMillis(600_000), 512));
        assertEquals(new Period(60, "hour"), Period.of(Frequency.ofMillis(60_000), 512));
        assertEquals(new Period(60, "minute"), Period.of(Frequency.ofMillis(1000), 512));
        assertEquals(new Period(7, "week"), Period.of(Frequency.ofMillis(86_400_000), 512));
        assertEquals(new Period(52, "year"), Period.of(Frequency.ofMillis(604_800_000), 512));
        assertEquals(new Period(12, "year"), Period.of(Frequency.ofMonths(1), 512));
        assertEquals(new Period(1, "step"), Period.of(Frequency.ofMonths(12), 512));
        assertEquals(new Period(1, "step"), Period.of(Frequency.ofMonths(24), 512));
        assertEquals(new Period(1, "step"), Period.of(Frequency.ofMillis(3_600_000), 12));
    }

    @Test
    void commandPrintsATableOrJson() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("x.csv"), 0, ROWS, "a", "b");
        String[] command = {"evaluate", "x.csv", "--protocol", "ratio", "--horizon", "12", "--model", "model"};
        CliRun text = CliRun.in(folder, command);
        assertEquals(0, text.code(), text.err());
        assertTrue(text.lines().get(0).contains("129 windows of 48 + 12 rows"), text.out());
        assertEquals(5, text.lines().size());
        String[] withJson = Arrays.copyOf(command, command.length + 1);
        withJson[command.length] = "--json";
        CliRun run = CliRun.in(folder, withJson);
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), "stdout");
        assertEquals(java.util.List.of("file", "protocol", "context", "horizon", "stride", "windows", "period", "mse",
                "mae", "baselines"), java.util.List.copyOf(json.keySet()));
        assertEquals(java.util.Set.of("seasonal_naive", "mean_period"), ((Map<?, ?>) json.get("baselines")).keySet());
        assertEquals(129L, json.get("windows"));
        assertTrue((double) json.get("mse") > 0);
    }

    /** The validation rows, a tenth, have to hold the horizon. */
    @Test
    void ofTheBundledModelsTheLongestWhoseWindowsFitIsMeasured() throws IOException {
        int[][] sizes = {{960, 512, 96}, {900, 180, 60}, {300, 96, 24}};
        for (int[] size : sizes) {
            Samples.hourly(folder.resolve("x.csv"), 0, size[0], "a");
            CliRun run = CliRun.in(folder, "evaluate", "x.csv", "--json", "--stride", "20");
            Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
            assertEquals((long) size[1], json.get("context"));
            assertEquals((long) size[2], json.get("horizon"));
            String note = "note: x.csv: too few rows for windows of 512 steps of history: measured with the bundled "
                    + "model for " + size[1];
            assertEquals(size[1] < 512, run.err().contains(note), run.err());
            CliRun named = CliRun.in(folder, "evaluate", "x.csv", "--json", "--stride", "20", "--model",
                    size[1] + "-" + size[2]);
            assertEquals(run.out(), named.out());
        }
        CliRun longer = CliRun.in(folder, "evaluate", "x.csv", "--json", "--horizon", "30");
        assertEquals(180L, Json.parseObject(longer.out().getBytes(), longer.err()).get("context"));
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
}
