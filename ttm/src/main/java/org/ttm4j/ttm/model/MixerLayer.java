package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.ttm.config.TtmConfig;

/** A mixer layer: mixes channels (if the mode says so), patches (if there are several), and features. */
final class MixerLayer extends Layer {
    private final ChannelMixer channelMixer;
    private final PatchMixer patchMixer;
    private final FeatureMixer featureMixer;

    MixerLayer(TtmConfig config, MixerStack.Spec spec, int patches, int d) {
        channelMixer = spec.mixesChannels()
                ? child("channel_feature_mixer",
                        new ChannelMixer(config, spec.channels(), d, spec.gated(), spec.dropout()))
                : null;
        patchMixer = patches > 1
                ? child("patch_mixer", new PatchMixer(config, patches, d, spec.gated(), spec.dropout()))
                : null;
        featureMixer = child("feature_mixer", new FeatureMixer(config, d, spec.gated(), spec.dropout()));
    }

    Tensor forward(Tensor x) {
        Tensor y = channelMixer == null ? x : channelMixer.forward(x);
        y = patchMixer == null ? y : patchMixer.forward(y);
        return shown(featureMixer.forward(y));
    }
}
