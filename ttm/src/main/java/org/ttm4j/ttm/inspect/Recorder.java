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
import org.ttm4j.engine.NdArray;
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
            NdArray copy = new NdArray(tensor.shape(), copies.computeIfAbsent(values, float[]::clone));
            traced.add(new TracedTensor(name, Axes.of(name, tensor.shape().rank()), copy));
        });
        return new Trace(traced);
    }
}
