package org.ttm4j.ttm.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every tensor of a forward pass, in the order in which the model makes them. The result of a layer has the name of the
 * layer, which is the beginning of the keys of its weights in the checkpoint. Names that are no layer's:
 *
 * <ul>
 * <li>{@code backbone.scaler} and {@code backbone.patching}: the scaled series, and its patches;
 * <li>{@code backbone.encoder.tokens}: what enters the mixers, once the patches are embedded;
 * <li>{@code ….mixers.j.input} and {@code ….mixers.j.reshaped}: what enters an adaptive patching level, and the same as more
 * patches of fewer features; {@code ….mixers.j} is what leaves it, at the first shape again;
 * <li>{@code ….add_fft_tokens.frequencies}: the strongest frequencies, in models that read them;
 * <li>{@code trend_input} and {@code residual_input} of a decomposed model, whose layers begin with
 * {@code trend_forecaster} and {@code residual_forecaster};
 * <li>{@code loc}, {@code scale}, {@code prediction_outputs} and {@code quantile_outputs}: the results.
 * </ul>
 *
 * What stands under a {@code gating_block} are the weights of the gate, by which the layer multiplies its input. The hidden
 * layer of a mixer, {@code ….mlp.fc1}, is after its GELU; a {@code patch_mixer}, {@code feature_mixer} or
 * {@code channel_feature_mixer} includes its residual.
 *
 * <p>Axes: sample (of a batch, in a trace of a {@link Recorder}), channel, patch, feature, step, quantile, and hidden (of a
 * mixer's hidden layer), logit (of a gate), frequency, and patch × feature where both are one.
 *
 * <p>Immutable; its values are not to be changed.
 *
 * @param tensors each with a name of its own
 */
public record Trace(List<TracedTensor> tensors) {

    /** Throws IllegalArgumentException where two tensors have the same name. */
    public Trace {
        tensors = List.copyOf(tensors);
        Map<String, TracedTensor> byName = new LinkedHashMap<>();
        for (TracedTensor tensor : tensors) {
            if (byName.put(tensor.name(), tensor) == null) continue;
            throw new IllegalArgumentException("two tensors are called " + tensor.name());
        }
    }

    /** The names of all tensors. */
    public List<String> names() {
        return tensors.stream().map(TracedTensor::name).toList();
    }

    /** True if the model makes a tensor of this name. */
    public boolean has(String name) {
        return tensors.stream().anyMatch(tensor -> tensor.name().equals(name));
    }

    /**
     * The tensor of a name.
     *
     * @throws IllegalArgumentException naming those that begin alike, where the model makes none of this name
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
