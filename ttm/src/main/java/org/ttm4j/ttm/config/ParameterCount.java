package org.ttm4j.ttm.config;

/** Counts the weights of each part of a model without building it. */
final class ParameterCount {
    private ParameterCount() {}

    static Sizes of(TtmConfig config) {
        Sizes count = new Sizes();
        if (config.decomposed()) {
            add(config.trendForecaster(), count);
            add(config.residualForecaster(), count);
        } else {
            add(config, count);
        }
        return count;
    }

    private static void add(TtmConfig config, Sizes count) {
        double patches = config.numPatches();
        count.add(Key.D_MODEL, backbone(config, patches));
        if (config.useDecoder()) count.add(Key.DECODER_D_MODEL, decoder(config, patches));
        count.add(Key.PREDICTION_LENGTH, linear(patches * config.headWidth(), config.predictionLength()));
        if (config.enableForecastChannelMixing()) count.add(Key.FCM_CONTEXT_LENGTH, channelMixing(config));
        if (config.quantileHead().enabled()) count.add(Key.MQ_HIDDEN, quantileHead(config, patches));
    }

    /** Patch embedding, resolution prefix, positions and mixers. */
    private static double backbone(TtmConfig config, double patches) {
        double width = config.dModel();
        double channels = config.mode() == TtmConfig.Mode.MIX_CHANNEL ? config.numInputChannels() : 0;
        int scales = config.tokens().scales(config.numPatchesWithoutPrefix());
        double count = scales * linear(config.patchLength(), width) + tokens(config);
        if (config.tokens().baseNorm()) count += 2 * patches * width;
        if (config.resolutionPrefixTuning()) {
            double hidden = config.prefixHiddenSize();
            count += (double) config.frequencyTokenVocabSize() * config.patchLength();
            count += linear(config.patchLength(), hidden) + linear(hidden, width);
        }
        if (config.usePositionalEncoding()) count += patches * width;
        Mixer mixer = new Mixer(config, channels, config.gatedAttn());
        return count + mixer.stack(config.numLayers(), patches, config.dModel(), config.adaptivePatchingLevels());
    }

    /** Adapter, embeddings and mixers. */
    private static double decoder(TtmConfig config, double patches) {
        double width = config.decoderDModel();
        double channels = config.decoderMode() == TtmConfig.Mode.MIX_CHANNEL
                ? (double) config.numInputChannels() + config.categoricalVocabSizeList().size()
                : 0;
        double count = config.dModel() == config.decoderDModel() ? 0 : linear(config.dModel(), width);
        if (config.decoderRawResidual()) count += linear(config.patchLength(), width);
        for (int vocabulary : config.categoricalVocabSizeList()) count += vocabulary * width;
        Mixer mixer = new Mixer(config, channels, config.gatedAttn());
        return count + mixer.stack(config.decoderNumLayers(), patches, config.decoderDModel(),
                config.decoderAdaptivePatchingLevels());
    }

    private static double channelMixing(TtmConfig config) {
        double targets = config.forecastChannelCount();
        double channels = targets + config.exogenousChannelIndices().size();
        double features = config.fcmContextLength() == 0 ? 1 : config.fcmWindow();
        double count = 0;
        Mixer mixer = new Mixer(config, 0, config.fcmGatedAttn());
        if (config.fcmUseMixer()) {
            count += linear(features, 2 * features);
            features *= 2;
            count += mixer.stack(config.fcmMixLayers(), channels, 2 * config.fcmWindow(), 0);
        }
        double inputs = channels * features;
        return count + linear(inputs, mixer.gate * inputs) + linear(inputs, targets);
    }

    /** Registers and frequencies. */
    private static double tokens(TtmConfig config) {
        TokenConfig tokens = config.tokens();
        double count = (double) tokens.registerTokens() * config.dModel();
        if (tokens.fftLength() == 0) return count;
        double width = tokens.frequencyWidth(config);
        count += tokens.useFftEmbedding()
                ? TokenConfig.frequencies(config) * width
                : linear(1, width) + linear(width, width);
        return tokens.getOneFreqEmb() ? count + linear(tokens.frequencyCount(config) * width, config.dModel()) : count;
    }

    private static double quantileHead(TtmConfig config, double patches) {
        QuantileHeadConfig head = config.quantileHead();
        double hidden = head.hidden();
        double count = linear(head.kernelSize(), 1) + 2 + linear(1, hidden)
                + linear(head.stepWidth(), head.levels().size());
        if (!head.useDecoderPool()) return count;
        if (head.stepWidths()) count += linear(hidden, config.outputLength());
        if (head.path() == QuantileHeadConfig.Path.POOL) return count + linear(config.headWidth(), hidden);
        double width = head.decoderDModel();
        return count + linear(config.headWidth(), width) + linear(patches * width, hidden);
    }

    private static double linear(double in, double out) {
        return in * out + out;
    }

    /**
     * Mixer layers with the same settings.
     *
     * @param channels 0 if channels are not mixed
     * @param gate the number of outputs per input of a gate's linear map; 0 without gates
     */
    private record Mixer(double expansion, double channels, double gate, boolean attention) {
        Mixer(TtmConfig config, double channels, boolean gated) {
            this(config.expansionFactor(), channels, gated ? config.gate().mapWidth(1) : 0, config.selfAttn());
        }

        double stack(int layers, double patches, int width, int levels) {
            if (levels == 0) return layers * layer(patches, width);
            double count = 0;
            for (int factor : TtmConfig.levelFactors(width, levels)) {
                count += layers * layer(patches * factor, (double) width / factor);
            }
            return count;
        }

        private double layer(double patches, double width) {
            double norm = 2 * width;
            double count = norm + mix(width);
            if (channels > 0) count += norm + mix(channels);
            if (patches > 1) {
                count += norm + mix(patches);
                if (attention) count += norm + 4 * linear(width, width);
            }
            return count;
        }

        private double mix(double size) {
            double mlp = linear(size, expansion * size) + linear(expansion * size, size);
            return mlp + linear(size, gate * size);
        }
    }
}
