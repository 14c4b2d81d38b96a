package org.ttm4j.ttm.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.ttm.config.TtmConfig;

/** A stack of mixer layers {@code mixers.k}, or of adaptive patching levels {@code mixers.j}, finest first. */
final class MixerStack extends Layer {
    /**
     * The sizes and settings of a stack.
     *
     * @param patches P
     * @param d features of a patch
     * @param channels C, used if channels are mixed
     * @param layers mixer layers, in each level if there are levels
     * @param levels adaptive patching levels, 0 for a plain stack
     */
    record Spec(int patches, int d, int channels, int layers, int levels, boolean mixesChannels, boolean gated,
            double dropout) {}

    private final List<UnaryOperator<Tensor>> mixers = new ArrayList<>();

    MixerStack(TtmConfig config, Spec spec) {
        if (spec.levels == 0) {
            for (int k = 0; k < spec.layers; k++) {
                mixers.add(child("mixers." + k, new MixerLayer(config, spec, spec.patches, spec.d))::forward);
            }
        } else {
            int[] factors = TtmConfig.levelFactors(spec.d, spec.levels);
            for (int j = 0; j < spec.levels; j++) {
                mixers.add(child("mixers." + j, new AdaptivePatchingLevel(config, spec, factors[j]))::forward);
            }
        }
    }

    Tensor forward(Tensor x) {
        Tensor y = x;
        for (UnaryOperator<Tensor> mixer : mixers) y = mixer.apply(y);
        return shown(y);
    }
}
