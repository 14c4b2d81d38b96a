package org.ttm4j.ttm.inspect;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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

    /**
     * Names for the dimensions of the tensors that match a pattern and have as many.
     *
     * @param layer a pattern of the name of the tensor, without that of a forecaster of a decomposed model
     */
    private record Axes(Pattern layer, List<String> names) {
        /** The first that matches counts. */
        private static final List<Axes> ALL = List.of(of("head\\.fcm_block\\.mlp", "sample", "step", "channel"),
                of("head\\.fcm_block\\..*", "sample", "step", "feature"),
                // The mixers in the exogenous mixer have steps on the channel axis and channels on the patch axis.
                of("head\\.fcm_block\\..*", "sample", "step", "channel", "feature"),
                of("multi_quantile_head_block|quantile_outputs", "sample", "channel", "quantile", "step"),
                of("multi_quantile_head_block\\.dec_tok_proj", "sample", "channel", "patch", "feature"),
                of("multi_quantile_head_block\\..*", "sample", "channel", "feature"),
                of("multi_quantile_head_block\\..*", "sample", "channel", "feature", "step"),
                of(".*add_fft_tokens\\..*", "sample", "channel", "frequency"),
                of(".*add_fft_tokens\\.freq_concat_proj", "sample", "channel", "patch", "feature"),
                of(".*add_fft_tokens\\..*", "sample", "channel", "frequency", "feature"),
                of(".*\\.channel_feature_mixer\\..*|.*base_norm", "sample", "channel", "patch × feature"),
                of("backbone\\.patching", "sample", "channel", "patch", "step"), of("loc|scale", "sample", "channel"),
                of(".*", "sample", "feature"), // the embedding of a token or category
                of(".*", "sample", "channel", "step"), of(".*", "sample", "channel", "patch", "feature"));
        /** The axis that each mixer mixes. It has another name in the hidden layer and the gate of the mixer. */
        private static final Map<String, Integer> MIXED = Map.of("channel_feature_mixer", 1, "patch_mixer", 2,
                "feature_mixer", 3);

        private static Axes of(String layer, String... names) {
            return new Axes(Pattern.compile(layer), List.of(names));
        }

        /** A name for each dimension; the first is the sample within the batch. */
        static List<String> of(String name, int rank) {
            String layer = name.replaceFirst("^(trend|residual)_forecaster\\.", "");
            List<String> found = new ArrayList<>(ALL.stream()
                    .filter(axes -> axes.names.size() == rank && axes.layer.matcher(layer).matches())
                    .findFirst()
                    .orElseThrow().names);
            MIXED.forEach((mixer, axis) -> {
                if (layer.endsWith("." + mixer + ".mlp.fc1")) found.set(axis, "hidden");
                if (layer.endsWith("." + mixer + ".gating_block.attn_layer")) found.set(axis, "logit");
            });
            return found;
        }
    }
}
