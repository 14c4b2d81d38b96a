package org.ttm4j.ttm.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.engine.Shape;
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

    /**
     * A level of adaptive patching: splits each of the P patches into f rows of D/f features, [B, C, P, D] → [B, C,
     * P·f, D/f], applies its mixer layers, and restores the shape. Reshaping copies nothing.
     */
    private static final class AdaptivePatchingLevel extends Layer {
        private final int factor;
        private final List<MixerLayer> layers = new ArrayList<>();

        AdaptivePatchingLevel(TtmConfig config, Spec spec, int factor) {
            this.factor = factor;
            for (int k = 0; k < spec.layers; k++) {
                layers.add(child("mixer_layers." + k,
                        new MixerLayer(config, spec, spec.patches * factor, spec.d / factor)));
            }
        }

        Tensor forward(Tensor x) {
            Shape s = x.shape();
            Tensor y = shown("reshaped",
                    shown("input", x).reshape(s.dim(0), s.dim(1), s.dim(2) * factor, s.dim(3) / factor));
            for (MixerLayer layer : layers) y = layer.forward(y);
            return shown(y.reshape(s.toArray()));
        }
    }
}
