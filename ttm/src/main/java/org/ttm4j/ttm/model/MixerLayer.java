package org.ttm4j.ttm.model;

import java.util.function.UnaryOperator;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.BatchNorm;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.LayerNorm;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Dropout;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A mixer layer: mixes channels (if the mode says so), patches (if there are several), and features, one after the
 * other. x is [B, C, P, D] throughout.
 */
final class MixerLayer extends Layer {
    private final ChannelMixer channelMixer;
    private final PatchMixer patchMixer;
    private final FeatureMixer featureMixer;

    MixerLayer(TtmConfig config, MixerStack.Spec spec, int patches, int d) {
        channelMixer = spec.mixesChannels() ? child("channel_feature_mixer", new ChannelMixer(config, spec, d)) : null;
        patchMixer = patches > 1 ? child("patch_mixer", new PatchMixer(config, spec, patches, d)) : null;
        featureMixer = child("feature_mixer", new FeatureMixer(config, spec, d));
    }

    Tensor forward(Tensor x) {
        Tensor y = channelMixer == null ? x : channelMixer.forward(x);
        y = patchMixer == null ? y : patchMixer.forward(y);
        return shown(featureMixer.forward(y));
    }

    /**
     * Mixes patches, for every channel and feature: x + gate(mlp(norm(x))) along P, by products from the left. With
     * self-attention: x + norm_attn(gate(mlp(norm(x))) + attention(norm(x))).
     */
    private static final class PatchMixer extends Layer {
        private final NormLayer norm;
        private final Mlp mlp;
        private final GatedAttention gate;
        private final SelfAttention attention;
        private final NormLayer attentionNorm;

        PatchMixer(TtmConfig config, MixerStack.Spec spec, int patches, int d) {
            norm = child("norm", new NormLayer(config, d));
            mlp = child("mlp", new Mlp(patches, config.expansionFactor(), spec.dropout()));
            gate = spec.gated() ? child("gating_block", new GatedAttention(config, patches)) : null;
            boolean attends = config.selfAttn();
            attention = attends ? child("self_attn_layer", new SelfAttention(d, config.selfAttnHeads())) : null;
            attentionNorm = attends ? child("norm_attn", new NormLayer(config, d)) : null;
        }

        Tensor forward(Tensor x) {
            Tensor normed = norm.forward(x);
            Tensor mixed = mlp.forwardLeft(normed);
            if (attention == null) return shown(gate == null ? Add.of(mixed, x) : gate.forwardLeft(mixed, x));
            Tensor gated = gate == null ? mixed : gate.forwardLeft(mixed, null);
            return shown(Add.of(attentionNorm.forward(Add.of(gated, attention.forward(normed))), x));
        }
    }

    /** Mixes the features of every patch: x + gate(mlp(norm(x))) along D. */
    private static final class FeatureMixer extends Layer {
        private final NormLayer norm;
        private final Mlp mlp;
        private final GatedAttention gate;

        FeatureMixer(TtmConfig config, MixerStack.Spec spec, int d) {
            norm = child("norm", new NormLayer(config, d));
            mlp = child("mlp", new Mlp(d, config.expansionFactor(), spec.dropout()));
            gate = spec.gated() ? child("gating_block", new GatedAttention(config, d)) : null;
        }

        Tensor forward(Tensor x) {
            Tensor mixed = mlp.forward(norm.forward(x));
            return shown(gate == null ? Add.of(mixed, x) : gate.forward(mixed, x));
        }
    }

    /** Mixes channels, for every patch and feature: x + mlp(gate(norm(x))) along C. Only here the gate comes first. */
    private static final class ChannelMixer extends Layer {
        private final NormLayer norm;
        private final GatedAttention gate;
        private final Mlp mlp;

        ChannelMixer(TtmConfig config, MixerStack.Spec spec, int d) {
            norm = child("norm", new NormLayer(config, d));
            gate = spec.gated() ? child("gating_block", new GatedAttention(config, spec.channels())) : null;
            mlp = child("mlp", new Mlp(spec.channels(), config.expansionFactor(), spec.dropout()));
        }

        Tensor forward(Tensor x) {
            Shape s = x.shape();
            // [B, C, P·D]: channels are the second last axis, so this is a product from the left too.
            Tensor normed = norm.forward(x).reshape(s.dim(0), s.dim(1), s.dim(2) * s.dim(3));
            Tensor gated = gate == null ? normed : gate.forwardLeft(normed, null);
            return shown(Add.of(mlp.forwardLeft(gated).reshape(s.toArray()), x));
        }
    }

    /** The normalisation before every block, over features. Key: {@code norm}, or {@code norm.batchnorm}. */
    private static final class NormLayer extends Layer {
        private final UnaryOperator<Tensor> norm;

        NormLayer(TtmConfig config, int d) {
            float eps = (float) config.normEps();
            norm = config.normMlp() == TtmConfig.Norm.BATCH
                    ? child("norm.batchnorm", new BatchNorm(d, eps))::forward
                    : child("norm", new LayerNorm(d, eps))::forward;
        }

        Tensor forward(Tensor x) {
            return norm.apply(x);
        }
    }

    /** fc1 (n → E·n), GELU, dropout, fc2 (E·n → n), dropout. */
    private static final class Mlp extends Layer {
        private final Linear fc1;
        private final Linear fc2;
        private final float dropout;

        Mlp(int n, int expansion, double dropout) {
            fc1 = child("fc1", new Linear(n, n * expansion));
            fc2 = child("fc2", new Linear(n * expansion, n));
            this.dropout = (float) dropout;
        }

        /** The MLP over the last axis. */
        Tensor forward(Tensor x) {
            return drop(fc2.forward(drop(fc1.forwardGelu(x))));
        }

        /** The MLP over the second last axis. */
        Tensor forwardLeft(Tensor x) {
            return drop(fc2.forwardLeft(drop(fc1.forwardLeftGelu(x))));
        }

        private Tensor drop(Tensor x) {
            return Dropout.of(x, dropout);
        }
    }
}
