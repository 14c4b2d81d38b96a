package org.ttm4j.forecast.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.ttm4j.autograd.Graph;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.GateConfig;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.inspect.Recorder;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/** Traces of all bundled models and of the models of all recordings. */
class TraceTest {
    /** Names that are no layer's, as Trace lists them. */
    private static final Set<String> OTHERS = Set.of("backbone.scaler", "backbone.patching", "trend_input",
            "residual_input", "loc", "scale", "prediction_outputs", "quantile_outputs");
    private static final String MIXERS = "backbone.encoder.mlp_mixer_encoder.mixers.";

    private static int size(TracedTensor tensor, String axis) {
        return tensor.shape().dim(tensor.axes().indexOf(axis));
    }

    @Test
    void aTraceOfNothingHasNoTensor() {
        Trace nothing = new Trace(List.of());
        assertThrows(IllegalArgumentException.class, () -> nothing.tensor("decoder.adapter"));
    }

    @Test
    void aTraceOfTrainingHoldsProductsAsTheyAreBeforeDropout() throws IOException {
        TtmModel model = TtmModel.of(BundledModels.checkpoint("96-24"));
        Graph graph = new Graph(Graph.Mode.TRAINING);
        Recorder recorder = new Recorder(model, graph);
        TtmModel.Inputs inputs = model.inputs(graph, 1, 1, true);
        model.forward(inputs);
        float[] past = inputs.past().value();
        for (int t = 0; t < past.length; t++) past[t] = (float) Math.sin(t);
        Arrays.fill(inputs.mask().value(), 1);
        graph.forward();
        Trace trace = recorder.trace();
        List<String> products = trace.names().stream().filter(name -> name.endsWith("mlp.fc2")).toList();
        assertFalse(products.isEmpty());
        for (String name : products) {
            for (float value : trace.tensor(name).values()) assertNotEquals(0, value, name);
        }
    }

    @TestFactory
    Stream<DynamicTest> bundledModels() {
        return BundledModels.names().stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            Checkpoint checkpoint = BundledModels.checkpoint(name);
            verify(Forecaster.bundled(name).fast(), checkpoint.config(), checkpoint.tensors().keySet());
        }));
    }

    @TestFactory
    Stream<DynamicTest> modelsOfRecordings() throws IOException {
        return tests(Recordings.small());
    }

    @TestFactory
    Stream<DynamicTest> modelsOfRecordingsBesideTheRepository() throws IOException {
        return tests(Recordings.large());
    }

    private static Stream<DynamicTest> tests(List<Path> folders) {
        return folders.stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
            Checkpoint checkpoint = Checkpoint.read(folder);
            verify(Forecaster.of(TtmModel.of(checkpoint)).fast(), checkpoint.config(), checkpoint.tensors().keySet());
        }));
    }

    private static void verify(ModelForecaster forecaster, TtmConfig config, Set<String> keys) {
        ForecastRequest request = ModelRequests.of(config);
        Trace trace = forecaster.trace(request);
        Forecast forecast = forecaster.forecast(request);
        double[] scales = new double[forecast.channels().length];
        for (int i = 0; i < scales.length; i++)
            scales[i] = ModelRequests.deviation(request.history()[forecast.channels()[i]]);
        TracedTensor outputs = trace.tensor("prediction_outputs");
        assertEquals(List.of("channel", "step"), outputs.axes());
        assertEquals(scales.length, size(outputs, "channel"));
        assertEquals(config.outputLength(), size(outputs, "step"));
        for (int i = 0; i < scales.length; i++) {
            for (int t = 0; t < config.outputLength(); t++) {
                assertEquals(forecast.values()[i][t], outputs.at(i, t), 1e-5 * scales[i], "channel " + i);
            }
        }
        if (config.quantileHead().enabled()) {
            assertEquals(List.of("channel", "quantile", "step"), trace.tensor("quantile_outputs").axes());
        }
        verifyNames(trace, keys);
        trace.gates().forEach(gate -> verifyGate(gate, config));
        verifyLevels(trace, config);
    }

    /** Every name is the beginning of a key, and every key of a weight that is used begins with a name. */
    private static void verifyNames(Trace trace, Set<String> keys) {
        Set<String> unknown = new TreeSet<>();
        for (String name : trace.names()) {
            String local = name.replaceFirst("^(trend|residual)_forecaster\\.", "");
            String layer = name.replaceFirst("\\.(input|reshaped|tokens|frequencies)$", "");
            if (OTHERS.contains(local) || keys.stream().anyMatch(key -> key.startsWith(layer + "."))) continue;
            unknown.add(name);
        }
        assertEquals(Set.of(), unknown);
        Set<String> untraced = new TreeSet<>();
        for (String key : keys) {
            String layer = key.substring(0, key.lastIndexOf('.'));
            // The logits of a softmax gate are within one kernel with it.
            if (layer.endsWith(".attn_layer")) layer = layer.substring(0, layer.lastIndexOf('.'));
            // The gain and bias of the quantile head's norm are applied by the kernel that follows.
            if (!trace.names().contains(layer) && !layer.endsWith("inorm")) untraced.add(key);
        }
        assertEquals(Set.of(), untraced);
    }

    /** The weights of a softmax sum to 1 along the axis that is mixed; others lie between 0 and 1. */
    private static void verifyGate(TracedTensor gate, TtmConfig config) {
        float[] weights = gate.values();
        for (float weight : weights) assertTrue(weight >= 0 && weight <= 1, gate + " holds " + weight);
        if (config.gate().mode() != GateConfig.Mode.SOFTMAX) return;
        int rank = gate.shape().rank();
        int axis = gate.name().contains("feature_mixer.") && !gate.name().contains("channel_feature_mixer.")
                || gate.name().contains("fcm_gating_block") ? rank - 1 : rank - 2;
        int n = gate.shape().dim(axis);
        int inner = gate.shape().product(axis + 1, rank);
        for (int block = 0; block < weights.length / (n * inner); block++) {
            for (int d = 0; d < inner; d++) {
                double sum = 0;
                for (int i = 0; i < n; i++) sum += weights[(block * n + i) * inner + d];
                assertEquals(1, sum, 1e-5, gate.toString());
            }
        }
    }

    private static void verifyLevels(Trace trace, TtmConfig config) {
        if (config.decomposed() || config.adaptivePatchingLevels() == 0) return;
        int[] factors = TtmConfig.levelFactors(config.dModel(), config.adaptivePatchingLevels());
        for (int j = 0; j < factors.length; j++) {
            TracedTensor input = trace.tensor(MIXERS + j + ".input");
            TracedTensor reshaped = trace.tensor(MIXERS + j + ".reshaped");
            assertEquals(List.of("channel", "patch", "feature"), reshaped.axes());
            assertEquals(config.numPatches(), size(input, "patch"));
            assertEquals(config.numPatches() * factors[j], size(reshaped, "patch"));
            assertEquals(config.dModel() / factors[j], size(reshaped, "feature"));
            assertArrayEquals(input.values(), reshaped.values());
            assertEquals(input.shape(), trace.tensor(MIXERS + j).shape());
            TracedTensor hidden = trace.tensor(MIXERS + j + ".mixer_layers.0.patch_mixer.mlp.fc1");
            assertEquals(List.of("channel", "hidden", "feature"), hidden.axes());
            assertEquals(config.expansionFactor() * size(reshaped, "patch"), size(hidden, "hidden"));
            if (!config.gatedAttn()) continue;
            TracedTensor gate = trace.tensor(MIXERS + j + ".mixer_layers.0.patch_mixer.gating_block");
            assertEquals(reshaped.shape(), gate.shape());
        }
    }

    @Test
    void thePageSaysHowManyTensorsATraceHas() throws IOException {
        Trace trace = Forecaster.bundled("512-96").fast().trace(ForecastRequest.of(new float[1][512]));
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/inspect.md"));
        assertTrue(page.contains("has " + trace.tensors().size() + " tensors of this model"), () -> "" + trace.names());
    }

    @Test
    void namesThatAreNotThereAreAnswered() {
        Trace trace = Forecaster.bundled("96-24").fast().trace(ForecastRequest.of(new float[1][96]));
        String message = assertThrows(IllegalArgumentException.class, () -> trace.tensor("decoder.adapte"))
                .getMessage();
        assertTrue(message.startsWith("no tensor is called decoder.adapte: there are decoder"), message);
        TracedTensor loc = trace.tensor("loc");
        assertEquals("loc [channel 1]", loc.toString());
        assertEquals("loc [1] has no value at [1]",
                assertThrows(IllegalArgumentException.class, () -> loc.at(1)).getMessage());
    }

    /** What is not asked for costs nothing: showing tensors adds no operation to a graph. */
    @Test
    void aRecorderAddsNoOperation() {
        TtmModel model = new TtmModel(Samples.config().set(Key.ADAPTIVE_PATCHING_LEVELS, 1).build());
        assertEquals(operations(model, false), operations(model, true));
    }

    private static List<String> operations(TtmModel model, boolean recorded) {
        Graph graph = new Graph(Graph.Mode.VARIABLES);
        Recorder recorder = recorded ? new Recorder(model, graph) : null;
        model.forward(model.inputs(graph, 1, 1, true));
        graph.forward();
        assertTrue(recorder == null || recorder.trace().tensors().size() > 20);
        return graph.operations().stream().map(Object::toString).toList();
    }

    @Test
    void aGraphThatKeepsNothingIsRefused() {
        TtmModel model = new TtmModel(Samples.config().build());
        assertThrows(IllegalArgumentException.class, () -> new Recorder(model, new Graph(Graph.Mode.INFERENCE)));
    }
}
