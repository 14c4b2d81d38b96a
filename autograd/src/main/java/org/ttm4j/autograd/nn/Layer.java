package org.ttm4j.autograd.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * A part of a model: named parameters and named child layers. The names joined by dots are the keys of a checkpoint. A
 * layer's {@code forward} records operations and never computes with numbers itself. Layers hold no state of a run, so
 * several threads may record graphs of one layer at the same time.
 */
public abstract class Layer {
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private final Map<String, Parameter> ownParameters = new LinkedHashMap<>();

    /** Registers a child layer under a name, which may contain dots, and returns it. */
    protected final <L extends Layer> L child(String name, L layer) {
        if (children.put(name, layer) != null) throw new IllegalStateException("two layers named " + name);
        return layer;
    }

    /** Registers a parameter of zeros under a name and returns it. */
    protected final Parameter parameter(String name, Parameter.Kind kind, int... dims) {
        Parameter parameter = new Parameter(name, kind, Shape.of(dims));
        if (ownParameters.put(name, parameter) != null) throw new IllegalStateException("two parameters named " + name);
        return parameter;
    }

    /** All parameters, buffers and counters of this layer and its children, by full name, in order of registration. */
    public final Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        layers().forEach((path, layer) -> layer.ownParameters
                .forEach((name, parameter) -> all.put(path.isEmpty() ? name : path + "." + name, parameter)));
        return all;
    }

    /** This layer, under the empty name, and all its descendants by full name, in order of registration. */
    public final Map<String, Layer> layers() {
        Map<String, Layer> all = new LinkedHashMap<>();
        addTo(all, "");
        return all;
    }

    private void addTo(Map<String, Layer> all, String path) {
        all.put(path, this);
        children.forEach((name, layer) -> layer.addTo(all, path.isEmpty() ? name : path + "." + name));
    }

    /** Passes this layer's result to the observer of the graph, if there is one, and returns it. */
    protected final Tensor shown(Tensor result) {
        return shown("", result);
    }

    /** As {@link #shown(Tensor)}, for an intermediate tensor of this layer, which gets a name. */
    protected final Tensor shown(String part, Tensor tensor) {
        tensor.graph().show(this, part, tensor);
        return tensor;
    }

    /** Freezes, or unfreezes, every parameter whose full name starts with the prefix; returns their number. */
    public final int freeze(String prefix, boolean freeze) {
        int count = 0;
        for (Map.Entry<String, Parameter> entry : parameters().entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                entry.getValue().freeze(freeze);
                count++;
            }
        }
        return count;
    }

    /** The number of trained values; with {@code trainableOnly}, frozen parameters are not counted. */
    public final long parameterCount(boolean trainableOnly) {
        return parameters().values()
                .stream()
                .filter(p -> trainableOnly ? p.trainable() : p.kind() == Parameter.Kind.TRAINED)
                .mapToLong(p -> p.shape().size())
                .sum();
    }
}
