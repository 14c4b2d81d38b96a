package org.ttm4j.ttm.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.inspect.Recorder;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/** What a trace has under the names of layers is what the reference model recorded of them. */
class TracedRecordingTest {
    private static final Map<String, String> STATES = Map.of("mixer_input", "backbone.encoder.tokens",
            "backbone_hidden_state", "backbone.encoder", "decoder_hidden_state", "decoder", "fft_bins",
            "backbone.encoder.add_fft_tokens.frequencies");

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
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> verify(folder)));
    }

    private static void verify(Path folder) throws IOException {
        TtmModel model = TtmModel.of(Checkpoint.read(folder));
        RecordedTensors recorded = RecordedTensors.read(folder.resolve("tensors.safetensors"));
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Recorder recorder = new Recorder(model, graph);
        new RecordedRun(model, recorded, false, graph);
        Trace trace = recorder.trace();
        int states = 0;
        for (String prefix : List.of("", "trend_forecaster.", "residual_forecaster.")) {
            for (Map.Entry<String, String> state : STATES.entrySet()) {
                String name = prefix + state.getKey();
                if (!recorded.has(name)) continue;
                // Without a decoder, the reference calls the backbone's state the decoder's.
                boolean none = state.getKey().startsWith("decoder") && !trace.names().contains(prefix + "decoder");
                TracedTensor traced = trace.tensor(prefix + (none ? "backbone.encoder" : state.getValue()));
                float[] expected = recorded.floats(name, traced.shape());
                double distance = Recording.Comparison.distance(traced.values(), expected);
                assertTrue(distance <= 1e-3 * Recording.Comparison.norm(expected), name + " deviates by " + distance);
                states++;
            }
        }
        boolean light = (boolean) model.config().values().get(Key.LIGHT_MODE);
        assertTrue(light || states > 1, states + " states are recorded");
        TracedTensor outputs = trace.tensor("prediction_outputs"); // [B, Ct, Hf]
        Shape shape = outputs.shape();
        float[] expected = recorded.channelsFirst("prediction_outputs",
                Shape.of(shape.dim(0), shape.dim(2), shape.dim(1)));
        assertEquals(List.of("sample", "channel", "step"), outputs.axes());
        for (int i = 0; i < expected.length; i++) {
            float scale = trace.names().contains("scale") ? trace.tensor("scale").values()[i / shape.dim(2)] : 1;
            assertEquals(expected[i], outputs.values()[i], 1e-4 * scale + 1e-6 * Math.abs(expected[i]));
        }
    }
}
