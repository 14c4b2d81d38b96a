package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

/** A forecaster makes the reference's recorded forecasts of the recorded histories. */
class ForecasterGoldenTest {

    @TestFactory
    Stream<DynamicTest> recordings() throws IOException {
        return tests(Recordings.small());
    }

    @TestFactory
    Stream<DynamicTest> recordingsBesideTheRepository() throws IOException {
        return tests(Recordings.large());
    }

    private static Stream<DynamicTest> tests(List<Path> recordings) {
        return recordings.stream()
                .filter(ForecasterGoldenTest::needsAHistoryAlone)
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> verify(folder)));
    }

    private static boolean needsAHistoryAlone(Path folder) {
        try {
            TtmConfig config = Forecaster.load(folder).fast().info().models().get(0).config();
            Map<String, SafeTensor> tensors = Safetensors.read(folder.resolve("tensors.safetensors")).tensors();
            return config.exogenousChannelIndices().isEmpty() && config.categoricalVocabSizeList().isEmpty()
                    && !tensors.containsKey("past_observed_mask");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void verify(Path folder) throws IOException {
        ModelForecaster forecaster = Forecaster.load(folder).fast();
        Map<String, SafeTensor> tensors = Safetensors.read(folder.resolve("tensors.safetensors")).tensors();
        Shape past = tensors.get("past_values").shape();
        Shape future = tensors.get("prediction_outputs").shape();
        float[] expected = tensors.get("prediction_outputs").floats();
        int channels = future.dim(2);
        for (int b = 0; b < past.dim(0); b++) {
            ForecastRequest request = ForecastRequest.of(sample(tensors.get("past_values").floats(), past, b));
            if (tensors.containsKey("freq_token")) {
                int token = (int) tensors.get("freq_token").integers()[b];
                if (token > 0) request = request.withFrequency(Resolution.values()[token].frequency());
            }
            Forecast forecast = forecaster.forecast(request);
            float[][] values = forecast.values();
            verifyQuantiles(forecast, tensors, request.history(), b);
            for (int c = 0; c < channels; c++) {
                double scale = scale(request.history()[c]);
                for (int t = 0; t < future.dim(1); t++) {
                    float recorded = expected[(b * future.dim(1) + t) * channels + c];
                    // The reference adds 1e-5 to the variance, which a forecaster that sees one magnitude does not feel.
                    double tolerance = 1e-4 * scale + 1e-4 / scale + 1e-6 * Math.abs(recorded);
                    assertEquals(recorded, values[c][t], tolerance, "sample " + b + ", channel " + c + ", step " + t);
                }
            }
        }
    }

    /** Those of a quantile head, recorded as [B, Q, steps, channels]. */
    private static void verifyQuantiles(Forecast forecast, Map<String, SafeTensor> tensors, double[][] history, int b) {
        SafeTensor recorded = tensors.get("quantile_outputs");
        assertEquals(recorded != null, forecast.quantiles().isPresent());
        if (recorded == null) return;
        Shape shape = recorded.shape();
        float[][][] values = forecast.quantiles().orElseThrow().values();
        for (int q = 0; q < shape.dim(1); q++) {
            for (int t = 0; t < shape.dim(2); t++) {
                for (int c = 0; c < shape.dim(3); c++) {
                    double scale = scale(history[c]);
                    int at = ((b * shape.dim(1) + q) * shape.dim(2) + t) * shape.dim(3) + c;
                    float expected = recorded.floats()[at];
                    double tolerance = 1e-4 * scale + 1e-4 / scale + 1e-6 * Math.abs(expected);
                    assertEquals(expected, values[q][c][t], tolerance, "quantile " + q + ", channel " + c);
                }
            }
        }
    }

    /** The deviation of a channel, as the model's scaler has it. */
    private static double scale(double[] channel) {
        double mean = Arrays.stream(channel).average().orElseThrow();
        return Math.sqrt(Arrays.stream(channel).map(x -> (x - mean) * (x - mean)).average().orElseThrow() + 1e-5);
    }

    /** Sample b of [B, time, C] as channels × time. */
    private static float[][] sample(float[] values, Shape shape, int b) {
        float[][] sample = new float[shape.dim(2)][shape.dim(1)];
        for (int t = 0; t < shape.dim(1); t++) {
            for (int c = 0; c < shape.dim(2); c++) sample[c][t] = values[(b * shape.dim(1) + t) * shape.dim(2) + c];
        }
        return sample;
    }
}
