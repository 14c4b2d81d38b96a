package org.ttm4j.ttm.config;

import java.util.List;

/**
 * The sum of the sizes of several parts of a model, and the largest part, named by the key that decides its size. The
 * sizes are doubles: exact below 2⁵³, and no configuration can make them overflow.
 */
final class ModelSize {
    /** The key of the largest part. */
    Key largest;
    double total;
    private double most;

    private void add(Key key, double size) {
        total += size;
        if (size <= most) return;
        largest = key;
        most = size;
    }

    /** The weights of each part, counted without building the model. */
    static ModelSize parameters(TtmConfig config) {
        ModelSize count = new ModelSize();
        if (config.decomposed()) {
            count.addParameters(config.trendForecaster());
            count.addParameters(config.residualForecaster());
        } else {
            count.addParameters(config);
        }
        return count;
    }

    private void addParameters(TtmConfig config) {
        double patches = config.numPatches();
        add(Key.D_MODEL, backbone(config, patches));
        if (config.useDecoder()) add(Key.DECODER_D_MODEL, decoder(config, patches));
        add(Key.PREDICTION_LENGTH, linear(patches * config.headWidth(), config.predictionLength()));
        if (config.enableForecastChannelMixing()) add(Key.FCM_CONTEXT_LENGTH, channelMixing(config));
        if (config.quantileHead().enabled()) add(Key.MQ_HIDDEN, quantileHead(config, patches));
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

    /**
     * An estimate of the floats that a forward pass of one sample holds at the same time, without gradients: the series
     * and its patches, plus the largest stage. A sample is all channels if the model mixes channels, otherwise one.
     */
    static ModelSize activations(TtmConfig c) {
        if (c.decomposed()) {
            ModelSize both = new ModelSize();
            for (TtmConfig part : List.of(c.residualForecaster(), c.trendForecaster())) {
                ModelSize size = activations(part);
                both.add(size.largest, size.total);
            }
            // The scaled context, its trend, the residual, and the working memory of smoothing.
            both.total += (4.0 * channels(c) + 7) * c.contextLength();
            return both;
        }
        double channels = channels(c);
        double patches = c.numPatches();
        ModelSize stage = new ModelSize();
        stage.add(Key.D_MODEL, mixer(c, channels * patches, c.dModel(), c.adaptivePatchingLevels()));
        if (c.useDecoder()) {
            double rows = (channels + c.categoricalVocabSizeList().size()) * patches;
            stage.add(Key.DECODER_D_MODEL, mixer(c, rows, c.decoderDModel(), c.decoderAdaptivePatchingLevels()));
        }
        stage.add(Key.FFT_LENGTH, 2 * channels * c.tokens().frequencyCount(c) * c.tokens().frequencyWidth(c));
        QuantileHeadConfig head = c.quantileHead();
        if (head.enabled()) {
            double step = head.kernelSize() + 2.0 * head.stepWidth() + 3.0 * head.levels().size();
            stage.add(Key.MQ_HIDDEN, channels * (c.outputLength() * step + patches * head.decoderDModel()));
        }
        stage.add(Key.PREDICTION_LENGTH, channels * (c.predictionLength() + patches * c.headWidth()));
        if (c.enableForecastChannelMixing()) {
            double mixed = c.forecastChannelCount() + (double) c.exogenousChannelIndices().size();
            double rows = c.outputLength() * mixed;
            double window = rows * c.fcmWindow();
            stage.add(Key.FCM_CONTEXT_LENGTH,
                    c.fcmUseMixer()
                            ? window + attention(c, rows * mixed) + (3 + c.expansionFactor()) * 2 * window
                            : 3 * window);
        }
        ModelSize series = new ModelSize();
        // The series, its mask and its scaled copy.
        series.add(Key.CONTEXT_LENGTH, 3 * channels * c.modelContextLength());
        // Tables and working memory of a Fourier transform: doubles, of up to four times the length.
        if (c.tokens().fftLength() > 0) series.add(Key.FFT_LENGTH, 32.0 * c.contextLength());
        series.add(Key.PATCH_LENGTH, channels * patches * c.patchLength());
        series.add(stage.largest, stage.most);
        return series;
    }

    private static double channels(TtmConfig c) {
        return c.mixesChannels() ? c.numInputChannels() : 1;
    }

    /** The mixers of a stack: input, normalised input, hidden layer and output, weights of attention or gates. */
    private static double mixer(TtmConfig c, double rows, double width, int levels) {
        double most = c.numPatches();
        for (int factor : TtmConfig.levelFactors((int) width, levels)) {
            most = Math.max(most, (double) c.numPatches() * factor);
        }
        return rows * width * (3 + Math.max(c.gate().mapWidth(1), c.expansionFactor()))
                + attention(c, rows / c.numPatches() * most * most);
    }

    private static double attention(TtmConfig c, double pairs) {
        return c.selfAttn() ? pairs * c.selfAttnHeads() : 0;
    }
}
