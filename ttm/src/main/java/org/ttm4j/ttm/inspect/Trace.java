package org.ttm4j.ttm.inspect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every tensor of a forward pass, in the order in which the model computes them. The result of a layer has the name of
 * the layer, which is the prefix of the keys of its weights in the checkpoint. Other names are:
 *
 * <ul>
 * <li>{@code backbone.scaler} and {@code backbone.patching}: the scaled series, and its patches;
 * <li>{@code backbone.encoder.tokens}: the input of the mixers, that is the embedded patches;
 * <li>{@code ….mixers.j.input} and {@code ….mixers.j.reshaped}: the input of an adaptive patching level, and this input
 *     reshaped to more patches with fewer features; {@code ….mixers.j} is the output, in the original shape;
 * <li>{@code ….add_fft_tokens.frequencies}: the strongest frequencies, in models with frequency tokens;
 * <li>{@code trend_input} and {@code residual_input} of a decomposed model, whose layers begin with
 *     {@code trend_forecaster} and {@code residual_forecaster};
 * <li>{@code loc}, {@code scale}, {@code prediction_outputs} and {@code quantile_outputs}: the results.
 * </ul>
 *
 * A tensor named {@code gating_block} holds the weights by which the gate multiplies its input. The hidden layer of a
 * mixer, {@code ….mlp.fc1}, is recorded after GELU; a {@code patch_mixer}, {@code feature_mixer} or
 * {@code channel_feature_mixer} includes its residual.
 *
 * <p>The names of axes are sample (of a batch, in a trace of a {@link Recorder}), channel, patch, feature, step,
 * quantile, hidden (of a mixer's hidden layer), logit (of a gate), frequency, and patch × feature for a combined axis.
 *
 * <p>Immutable; the caller must not change the values.
 *
 * @param tensors with unique names
 */
public record Trace(List<TracedTensor> tensors) {

    /** Throws IllegalArgumentException when two tensors have the same name. */
    public Trace {
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (TracedTensor tensor : tensors) {
            if (names.add(tensor.name())) continue;
            throw new IllegalArgumentException("two tensors are called " + tensor.name());
        }
    }

    /** The names of all tensors. */
    public List<String> names() {
        return tensors.stream().map(TracedTensor::name).toList();
    }

    /**
     * The tensor with a name.
     *
     * @throws IllegalArgumentException listing tensors with a similar name, when there is none with this name
     */
    public TracedTensor tensor(String name) {
        for (TracedTensor tensor : tensors) if (tensor.name().equals(name)) return tensor;
        String prefix = name;
        List<String> alike = new ArrayList<>();
        while (alike.isEmpty() && !prefix.isEmpty()) {
            prefix = prefix.contains(".") ? prefix.substring(0, prefix.lastIndexOf('.')) : "";
            for (String other : names()) if (other.startsWith(prefix)) alike.add(other);
        }
        throw new IllegalArgumentException("no tensor is called " + name + ": there are "
                + String.join(", ", alike.subList(0, Math.min(20, alike.size()))) + (alike.size() > 20 ? ", …" : ""));
    }

    /** The weights of all gates. */
    public List<TracedTensor> gates() {
        return tensors.stream().filter(tensor -> tensor.name().endsWith("gating_block")).toList();
    }
}
