package org.ttm4j.ttm.inspect;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Gating;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Keeps the tensors of a model's graph by name. It is for code that records a graph itself; a forecaster records its
 * own. Not thread-safe.
 *
 * <pre>{@code
 * Graph graph = new Graph(Graph.Mode.VARIABLES);
 * Recorder recorder = new Recorder(model, graph);
 * TtmModel.Inputs inputs = model.inputs(graph, 1, 1, false);
 * model.forward(inputs);
 * // fill inputs.past().value()
 * graph.forward();
 * Trace trace = recorder.trace();
 * }</pre>
 *
 * Graphs without a recorder are not slower: layers pass their tensors to it while they record operations, not while a
 * graph runs.
 */
public final class Recorder {
    private static final String FROZEN = "only a graph of mode VARIABLES keeps the weights of frozen gates: "
            + "use that mode, or unfreeze the model";

    private final Map<Object, String> paths = new IdentityHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Keeps the tensors that the model records in the graph from now on.
     *
     * @throws IllegalArgumentException when the graph has the mode INFERENCE, in which tensors share memory
     */
    public Recorder(TtmModel model, Graph graph) {
        if (graph.mode() == Graph.Mode.INFERENCE) {
            throw new IllegalArgumentException("a graph of mode INFERENCE keeps no tensors: expected another mode");
        }
        for (Map.Entry<String, Layer> entry : model.layers().entrySet()) paths.put(entry.getValue(), entry.getKey());
        graph.observe(this::add);
    }

    private void add(Object layer, String part, Tensor tensor) {
        String path = paths.get(layer);
        if (path == null) return; // a layer of another model
        String dot = path.isEmpty() || part.isEmpty() ? "" : ".";
        tensors.put(path + dot + part, tensor.keep());
    }

    /**
     * The tensors of the last run, copied.
     *
     * @throws IllegalStateException when the graph did not keep the weights of a gate, because no gradient passes
     *     through it
     */
    public Trace trace() {
        Map<float[], float[]> copies = new IdentityHashMap<>();
        List<TracedTensor> traced = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            float[] values = name.endsWith("gating_block") && tensor.producer().orElse(null) instanceof Gating gate
                    ? gate.weights()
                    : tensor.value();
            if (values == null) throw new IllegalStateException(FROZEN);
            float[] copy = copies.computeIfAbsent(values, float[]::clone);
            traced.add(new TracedTensor(name, Axes.of(name, tensor.shape().rank()), tensor.shape(), copy));
        });
        return new Trace(traced);
    }

    /** Finds names for the dimensions of a tensor by the name of the tensor. */
    private static final class Axes {
        static final String SAMPLE = "sample";
        static final String CHANNEL = "channel";
        private static final String PATCH = "patch";
        private static final String FEATURE = "feature";
        private static final String STEP = "step";
        private static final String HIDDEN = "hidden";
        private static final String LOGIT = "logit";
        private static final String BOTH = "patch × feature";

        private Axes() {}

        /** A name for each dimension; the first is the sample within the batch. */
        static List<String> of(String name, int rank) {
            String layer = name.replaceFirst("^(trend|residual)_forecaster\\.", "");
            if (layer.startsWith("head.fcm_block.")) return ofChannelMixing(layer, rank);
            if (layer.startsWith("multi_quantile_head_block")) return ofQuantileHead(layer, rank);
            if (layer.contains("add_fft_tokens.")) return ofFrequencies(layer, rank);
            if (layer.contains(".channel_feature_mixer.")) return ofChannelMixer(layer, rank);
            if (layer.endsWith("base_norm")) return List.of(SAMPLE, CHANNEL, BOTH);
            if (layer.equals("backbone.patching")) return List.of(SAMPLE, CHANNEL, PATCH, STEP);
            if (layer.equals("quantile_outputs")) return List.of(SAMPLE, CHANNEL, "quantile", STEP);
            if (layer.equals("loc") || layer.equals("scale")) return List.of(SAMPLE, CHANNEL);
            return switch (rank) {
                case 2 -> List.of(SAMPLE, FEATURE); // the embedding of a token or category
                case 3 -> List.of(SAMPLE, CHANNEL, STEP);
                default -> List.of(SAMPLE, CHANNEL, mixed(layer, "patch_mixer", PATCH),
                        mixed(layer, "feature_mixer", FEATURE));
            };
        }

        /** The name of the axis that a mixer mixes. It differs in the hidden layer and the gate of the mixer. */
        private static String mixed(String layer, String mixer, String axis) {
            if (layer.endsWith("." + mixer + ".mlp.fc1")) return HIDDEN;
            return layer.endsWith("." + mixer + ".gating_block.attn_layer") ? LOGIT : axis;
        }

        /** The mixers in the exogenous mixer have steps on the channel axis and channels on the patch axis. */
        private static List<String> ofChannelMixing(String layer, int rank) {
            if (rank == 3) return List.of(SAMPLE, STEP, layer.endsWith(".mlp") ? CHANNEL : FEATURE);
            return List.of(SAMPLE, STEP, mixed(layer, "patch_mixer", CHANNEL), mixed(layer, "feature_mixer", FEATURE));
        }

        private static List<String> ofQuantileHead(String layer, int rank) {
            if (layer.endsWith("head_block")) return List.of(SAMPLE, CHANNEL, "quantile", STEP);
            if (rank == 3) return List.of(SAMPLE, CHANNEL, FEATURE);
            return layer.endsWith("dec_tok_proj")
                    ? List.of(SAMPLE, CHANNEL, PATCH, FEATURE)
                    : List.of(SAMPLE, CHANNEL, FEATURE, STEP);
        }

        private static List<String> ofFrequencies(String layer, int rank) {
            if (rank == 3) return List.of(SAMPLE, CHANNEL, "frequency");
            boolean joined = layer.endsWith("freq_concat_proj");
            return List.of(SAMPLE, CHANNEL, joined ? PATCH : "frequency", FEATURE);
        }

        private static List<String> ofChannelMixer(String layer, int rank) {
            if (rank == 4) return List.of(SAMPLE, CHANNEL, PATCH, FEATURE);
            return List.of(SAMPLE, mixed(layer, "channel_feature_mixer", CHANNEL), BOTH);
        }
    }
}
