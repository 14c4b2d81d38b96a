package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

class ComparisonTest {
    private static final Path SHARED = Path.of(System.getProperty("ttm4j.shared", "../../shared"));
    private static final Timing SHORTEST = new Timing(0, 1e-6, 1);
    private static final Comparison.Effort LEAST = new Comparison.Effort(SHORTEST, SHORTEST, 1, 64, 1, 0);

    @TempDir
    Path empty;

    @Test
    void jsonNamesEveryRatioAndHasNullForAbsentPeers() throws Exception {
        List<String> log = new ArrayList<>();
        Comparison.Outcome outcome = new Comparison(empty, LEAST, log::add).run();
        Map<String, Object> json = Json.parseObject(Report.json(outcome).getBytes(StandardCharsets.UTF_8), "json");
        assertEquals(List.of("latency_1", "latency_7", "throughput_64x7", "threads_2", "train", "train_threads_2",
                "peak_share_1", "peak_share_7", "peak_share_batch", "train_peak_share", "bytes_per_forecast",
                "peak_gflops"), List.copyOf(json.keySet()));
        for (String key : json.keySet()) assertTrue(Main.HELP.contains("\n  " + key + " "), key + " in --help");
        for (String peer : List.of("latency_1", "latency_7", "throughput_64x7", "train")) assertNull(json.get(peer));
        for (String own : List.of("threads_2", "train_threads_2", "peak_share_1", "train_peak_share", "peak_gflops")) {
            assertTrue(((Number) json.get(own)).doubleValue() > 0, json::toString);
        }
        assertTrue(((Number) json.get("bytes_per_forecast")).doubleValue() >= 0, json::toString);
        assertEquals(4, log.stream().filter(line -> line.contains("is skipped: no ")).count(), log::toString);
        assertTrue(outcome.bundled() > 0, "the bundled model was timed");
    }

    @Test
    void onnxRuntimeForecastsTheSame() throws Exception {
        int channels = 7;
        float[] contexts = BenchModel.contexts(channels);
        List<String> log = new ArrayList<>();
        TtmModel model = BenchModel.shared(SHARED);
        try (OnnxPeer onnx = OnnxPeer.open(SHARED, contexts, 1, channels, log::add);
                TtmForecast ours = new TtmForecast(model, contexts)) {
            assumeTrue(onnx != null, log::toString);
            onnx.run();
            double difference = Comparison.largestDifference(ours.forecast(), onnx.values(), contexts);
            assertTrue(difference < 1e-4, () -> "differs by " + difference);
        }
    }

    @Test
    void everyWayForecastsTheSame() {
        float[] contexts = BenchModel.contexts(35);
        try (TtmForecast ways = new TtmForecast(BenchModel.random(), contexts)) {
            float[] expected = ways.predict().clone();
            assertArrayEquals(expected, ways.predictOnTwoThreads());
            float[][] forecast = ways.forecast();
            for (int s = 0; s < forecast.length; s++) {
                int from = s * BenchModel.HORIZON;
                // A forecaster shows the model every series at one magnitude: the last bits differ.
                assertArrayEquals(Arrays.copyOfRange(expected, from, from + BenchModel.HORIZON), forecast[s], 1e-4f);
            }
        }
    }

    @Test
    void differencesAreRelativeToTheChannelAndNanIsOne() {
        float[] contexts = new float[2 * BenchModel.CONTEXT];
        for (int t = 0; t < BenchModel.CONTEXT; t++) {
            contexts[t] = t % 2 == 0 ? 9 : 11;
            contexts[BenchModel.CONTEXT + t] = t % 2 == 0 ? -100 : 100;
        }
        float[][] a = new float[2][BenchModel.HORIZON];
        float[] b = new float[2 * BenchModel.HORIZON];
        b[3] = 0.5f;
        b[BenchModel.HORIZON] = 20;
        assertEquals(0.5, Comparison.largestDifference(a, b, contexts), 1e-9);
        a[0][5] = Float.NaN;
        assertTrue(Double.isNaN(Comparison.largestDifference(a, b, contexts)));
    }
}
