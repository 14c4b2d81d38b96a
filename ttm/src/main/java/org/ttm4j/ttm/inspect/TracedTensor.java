package org.ttm4j.ttm.inspect;

import java.util.Arrays;
import java.util.List;
import org.ttm4j.engine.Shape;

/**
 * A tensor of a forward pass. The caller must not change the values.
 *
 * @param name the name of the layer in the checkpoint, such as {@code decoder.adapter}; for other tensors than a
 *     layer's result followed by a dot and a word, such as {@code backbone.encoder.mlp_mixer_encoder.mixers.0.reshaped}
 * @param axes a name for each dimension: channel, patch, feature, step and others that {@link Trace} lists
 * @param shape the dimensions
 * @param values row-major
 */
public record TracedTensor(String name, List<String> axes, Shape shape, float[] values) {

    /** Throws IllegalArgumentException unless every dimension has a name, and there are as many values as the shape has. */
    public TracedTensor {
        axes = List.copyOf(axes);
        if (axes.size() != shape.rank()) {
            throw new IllegalArgumentException(name + ": the axes " + axes + " do not name " + shape);
        }
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(name + ": " + values.length + " values for the shape " + shape);
        }
    }

    /**
     * The value at an index.
     *
     * @throws IllegalArgumentException unless the index has a valid number for each axis
     */
    public float at(int... index) {
        boolean fits = index.length == axes.size();
        int at = 0;
        for (int i = 0; fits && i < index.length; i++) {
            fits = index[i] >= 0 && index[i] < shape.dim(i);
            at = at * shape.dim(i) + index[i];
        }
        if (fits) return values[at];
        throw new IllegalArgumentException(name + " " + shape + " has no value at " + Arrays.toString(index));
    }

    /** For example {@code decoder.adapter [channel 2, patch 8, feature 128]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append(" [");
        for (int i = 0; i < axes.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(axes.get(i)).append(' ').append(shape.dim(i));
        }
        return text.append(']').toString();
    }
}
