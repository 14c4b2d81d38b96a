package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.inspect.Trace;

/** What the page that shows the model computes, in a real browser, beside Java. */
@Tag("browser")
class PageNumbersTest extends SamplePage {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int CONTEXT = 512;
    private static final double TOLERANCE = 1e-4;

    @Test
    void numbersEqualThoseOfJavaAlsoWhenAPatchIsErased() throws IOException, InterruptedException {
        float[] history = CsvReader.read(SAMPLE, CsvOptions.defaults()).series().get(0).channel(0);
        browser.find("#forecast summary").click();
        assertForecasts(history);
        browser.find("#strip button:nth-child(7)").click();
        browser.find("#card button").click();
        browser.awaitComputed();
        int from = history.length - CONTEXT + 6 * 64;
        Arrays.fill(history, from, from + 64, Float.NaN);
        assertForecasts(history);
    }

    /** Forecast and quantiles are those of {@code ttm forecast --model 512-96 --mode fast}. */
    private static void assertForecasts(float[] history) throws InterruptedException {
        ModelForecaster forecaster = Forecaster.bundled("512-96").fast();
        Forecast forecast = forecaster.forecast(ForecastRequest.of(new float[][]{history}).withFrequency(HOUR));
        double tolerance = TOLERANCE * deviation(history);
        assertEquals(96, browser.column("forecast").length);
        assertClose(forecast.values()[0], browser.column("forecast"), tolerance);
        assertClose(forecast.quantile(0.1)[0], browser.column("10 %"), tolerance);
        assertClose(forecast.quantile(0.9)[0], browser.column("90 %"), tolerance);
    }

    /** All that the page draws between the history and the forecast, by the names of the checkpoint. */
    @Test
    void everyStageEqualsThatOfJava() throws IOException {
        float[] history = CsvReader.read(SAMPLE, CsvOptions.defaults()).series().get(0).channel(0);
        Trace trace = Forecaster.bundled("512-96")
                .fast()
                .trace(ForecastRequest.of(new float[][]{history}).withFrequency(HOUR));
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("backbone.scaler", "trace.scaled");
        stages.put("backbone.patching", "trace.patches.values");
        stages.put("backbone.encoder.tokens", "trace.tokens.values");
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 2; k++) {
                addLayer(stages, "backbone.encoder.mlp_mixer_encoder.mixers." + j + ".mixer_layers." + k,
                        "trace.levels[" + j + "].layers[" + k + "]");
            }
        }
        stages.put("decoder.adapter", "trace.adapted.values");
        for (int k = 0; k < 2; k++) {
            addLayer(stages, "decoder.decoder_block.mixers." + k, "trace.decoder.layers[" + k + "]");
        }
        stages.put("head.base_forecast_block", "trace.head");
        stages.put("quantile_outputs", "trace.quantiles.flatMap(quantile => [...quantile])");
        defineModel();
        browser.run("const {series} = JSON.parse(document.getElementById('data').textContent);"
                + "window.trace = forward(model, series[0].values.map(x => x ?? NaN), 7);");
        for (Map.Entry<String, String> stage : stages.entrySet()) {
            float[] expected = trace.tensor(stage.getKey()).values();
            double largest = 0;
            for (float value : expected) largest = Math.max(largest, Math.abs(value));
            assertClose(expected, browser.numbers("return [..." + stage.getValue() + "];"), TOLERANCE * largest);
        }
    }

    private static void addLayer(Map<String, String> stages, String name, String object) {
        stages.put(name + ".patch_mixer.gating_block", object + ".patchGate.values");
        stages.put(name + ".feature_mixer.gating_block", object + ".featureGate.values");
        stages.put(name, object + ".output.values");
    }

    private static void defineModel() {
        browser.run("""
                window.model = readModel(JSON.parse(document.getElementById('data').textContent).config,
                  bytesOf(document.getElementById('weights').textContent));
                """);
    }

    /** ttm.js on histories that are hard: gaps, few values, large and small numbers, none that varies. */
    @Test
    void theForwardPassEqualsThatOfJava() {
        defineModel();
        Random random = new Random(5);
        Map<String, double[]> histories = new LinkedHashMap<>();
        histories.put("noise", series(600, t -> random.nextGaussian()));
        histories.put("gaps", series(700, t -> random.nextInt(3) == 0 ? Double.NaN : Math.sin(t / 4.0) + t / 200.0));
        histories.put("ends missing", series(512, t -> t < 100 || t > 480 ? Double.NaN : Math.cos(t / 7.0)));
        histories.put("short", series(40, t -> t % 7));
        histories.put("large", series(512, t -> 1e9 + 10 * Math.sin(t / 4.0)));
        histories.put("small", series(512, t -> 1e-9 * random.nextGaussian()));
        histories.put("nothing lately", series(700, t -> t < 150 ? t : Double.NaN));
        histories.put("constant", series(512, t -> 3));
        for (Map.Entry<String, double[]> one : histories.entrySet()) {
            for (int token : new int[]{0, 7}) {
                ForecastRequest request = ForecastRequest.of(new double[][]{one.getValue()});
                if (token == 7) request = request.withFrequency(HOUR);
                Forecast forecast = Forecaster.bundled("512-96").fast().forecast(request);
                double[] expected = forecast.doubleValues()[0];
                browser.run("window.passed = forward(model, arguments[0].map(x => x ?? NaN), arguments[1]);",
                        Arrays.stream(one.getValue()).mapToObj(x -> Double.isNaN(x) ? null : x).toList(), token);
                int from = Math.max(0, one.getValue().length - CONTEXT);
                double[] seen = Arrays.copyOfRange(one.getValue(), from, one.getValue().length);
                double tolerance = Math.max(TOLERANCE * deviation(seen), 1e-12);
                assertArrayEquals(expected, browser.numbers("return [...passed.forecast];"), tolerance, one.getKey());
                for (int q = 1; q <= 9; q++) {
                    double rounded = tolerance + Math.ulp((float) expected[0]); // quantiles are floats
                    assertClose(forecast.quantile(q / 10.0)[0],
                            browser.numbers("return [...passed.quantiles[arguments[0]]];", q - 1), rounded);
                }
            }
        }
    }

    private static double[] series(int length, java.util.function.IntToDoubleFunction value) {
        double[] series = new double[length];
        for (int t = 0; t < length; t++) series[t] = value.applyAsDouble(t);
        return series;
    }

    private static void assertClose(float[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], actual[i], tolerance, "at step " + (i + 1));
    }

    private static double deviation(float[] history) {
        double[] values = new double[CONTEXT];
        for (int t = 0; t < CONTEXT; t++) values[t] = history[history.length - CONTEXT + t];
        return deviation(values);
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).filter(x -> x == x).average().orElse(0);
        return Math
                .sqrt(Arrays.stream(values).filter(x -> x == x).map(x -> (x - mean) * (x - mean)).average().orElse(0));
    }
}
