package org.ttm4j.ttm.model;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A level of adaptive patching: splits each of the P patches into f rows of D/f features, [B, C, P, D] → [B, C, P·f,
 * D/f], applies its mixer layers, and restores the shape. Reshaping copies nothing.
 */
final class AdaptivePatchingLevel extends Layer {
    private final int factor;
    private final List<MixerLayer> layers = new ArrayList<>();

    AdaptivePatchingLevel(TtmConfig config, MixerStack.Spec spec, int factor) {
        this.factor = factor;
        for (int k = 0; k < spec.layers(); k++) {
            layers.add(child("mixer_layers." + k,
                    new MixerLayer(config, spec, spec.patches() * factor, spec.d() / factor)));
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
