package org.ttm4j.ttm.model;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Halve;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Embeds patches of a series at several resolutions, coarsest first, with a separate embedding for each; a coarse patch
 * covers a long part of the series. Scale i has P₀/2^i patches of means over 2^i steps, counted from the first step. If
 * the number of steps is not divisible, the newest steps are dropped, as in the reference library.
 */
final class MultiScalePatches extends Layer {
    private final List<Linear> projectors = new ArrayList<>();

    MultiScalePatches(TtmConfig config) {
        int scales = config.tokens().scales(config.numPatchesWithoutPrefix());
        for (int i = 0; i < scales; i++) {
            projectors.add(child("projectors." + i, new Linear(config.patchLength(), config.dModel())));
        }
    }

    /** patches [B, C, P₀, patch length] without overlap → [B, C, 1 + … + P₀/2 + P₀, D]. */
    Tensor forward(Tensor patches) {
        Shape s = patches.shape();
        int length = s.dim(3);
        Tensor[] embedded = new Tensor[projectors.size()];
        Tensor series = patches.reshape(s.dim(0), s.dim(1), s.dim(2) * length); // [B, C, S]
        for (int i = 0; i < embedded.length; i++) {
            int count = s.dim(2) >> i;
            Tensor scale = i == 0
                    ? patches
                    : Unfold.of(series, series.shape().dim(2) - count * length, count, length, length); // [B, C, P₀/2^i, patch length]
            embedded[embedded.length - 1 - i] = projectors.get(i).forward(scale);
            if (i < embedded.length - 1) series = Halve.of(series); // [B, C, S/2^(i + 1)]
        }
        return shown(Concat.of(2, embedded));
    }
}
