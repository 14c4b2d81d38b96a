package org.ttm4j.ttm.inspect;

import java.util.Arrays;
import java.util.List;
import org.ttm4j.engine.NdArray;
import org.ttm4j.engine.Shape;

/**
 * A tensor of a forward pass. Its values are not to be changed.
 *
 * @param name the layer's, as in the checkpoint, such as {@code decoder.adapter}; a dot and a word more for what is not the
 *     result of a layer, such as {@code backbone.encoder.mlp_mixer_encoder.mixers.0.reshaped}
 * @param axes a name for each dimension: channel, patch, feature, step and others that {@link Trace} lists
 * @param array the values
 */
public record TracedTensor(String name, List<String> axes, NdArray array) {

    /** Throws IllegalArgumentException unless there is a name for each dimension. */
    public TracedTensor {
        axes = List.copyOf(axes);
        if (axes.size() != array.shape().rank()) {
            throw new IllegalArgumentException(name + ": the axes " + axes + " do not name " + array.shape());
        }
    }

    /** The dimensions. */
    public Shape shape() {
        return array.shape();
    }

    /** Values along an axis, which must be one of {@link #axes}. */
    public int size(String axis) {
        int at = axes.indexOf(axis);
        if (at < 0) throw new IllegalArgumentException(name + " has no axis " + axis + ", but " + axes);
        return shape().dim(at);
    }

    /**
     * A value.
     *
     * @throws IllegalArgumentException unless there is an index for each axis, within its size
     */
    public float at(int... index) {
        boolean fits = index.length == axes.size();
        int at = 0;
        for (int i = 0; fits && i < index.length; i++) {
            fits = index[i] >= 0 && index[i] < shape().dim(i);
            at = at * shape().dim(i) + index[i];
        }
        if (fits) return array.values()[at];
        throw new IllegalArgumentException(name + " " + shape() + " has no value at " + Arrays.toString(index));
    }

    /** Such as {@code decoder.adapter [channel 2, patch 8, feature 128]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append(" [");
        for (int i = 0; i < axes.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(axes.get(i)).append(' ').append(shape().dim(i));
        }
        return text.append(']').toString();
    }
}
