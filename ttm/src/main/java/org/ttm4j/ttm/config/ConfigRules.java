package org.ttm4j.ttm.config;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The rules that involve several keys of a {@link TtmConfig}; the range of each single key is in {@link Key}. The
 * message for a violation names the JSON key, its value and the rule.
 *
 * @param c the configuration
 */
record ConfigRules(TtmConfig c) {
    private static final double MAX_PARAMETERS = 1 << 28;
    /** The most floats that a forward pass of one sample may hold at the same time (128 MB). */
    private static final double MAX_ACTIVATIONS = 1 << 25;

    /**
     * Returns the given configuration after checking it.
     *
     * @throws IllegalArgumentException when a rule is violated
     */
    static TtmConfig checked(TtmConfig config) {
        new ConfigRules(config).check();
        return config;
    }

    private void check() {
        require(!Key.USE_REGISTER_CONTEXT_GATING.<Boolean>of(c.values()), Key.USE_REGISTER_CONTEXT_GATING,
                "false: the reference library has nothing that feeds such gates");
        require(c.patchStride() == c.patchLength() || !c.isThirdGeneration(), Key.PATCH_STRIDE,
                "patch_length = " + c.patchLength() + ": in models of the third generation patches do not overlap");
        TokenConfig tokens = c.tokens();
        require(tokens.fftDFreqMin() > 0 || tokens.fftDFreqMax() > 0 || !tokens.getOneFreqEmb()
                || tokens.fftLength() == 0, Key.FFT_D_FREQ_MAX, "at least 1, as fft_d_freq_min is 0");
        quantileHead();
        decomposition();
        channels();
        filter();
        categoricals();
        if (c.decomposed()) {
            // Each of these checks its own configuration.
            c.residualForecaster();
            c.trendForecaster();
        } else {
            forecaster();
        }
        sizes();
    }

    /** The rules for a single forecaster, or for each of the two of a decomposed model. */
    private void forecaster() {
        require(c.modelContextLength() > c.patchLength(), Key.CONTEXT_LENGTH,
                "more than patch_length = " + c.patchLength());
        tokens();
        quantilesOfForecaster();
        channelMixing();
        widths();
    }

    private void quantileHead() {
        QuantileHeadConfig head = c.quantileHead();
        require(head.kernelSize() % 2 == 1, Key.MQ_KERNEL_SIZE, "an odd number");
        require(head.pointExtraLoss() != TtmConfig.Loss.NONE, Key.POINT_EXTRA_LOSS, "one to train on");
        require(!head.enabled() || head.widthPenalty() == 0 || head.levels().size() >= 3,
                Key.PENALIZE_LARGE_WIDTH_RATIO, "0, as a single quantile has no width, or at least 3 quantile_levels");
    }

    private void decomposition() {
        require(!c.decomposed() || c.contextLength() <= DecompositionConfig.MAX_CONTEXT, Key.CONTEXT_LENGTH,
                "at most " + DecompositionConfig.MAX_CONTEXT
                        + " in a decomposed model, whose smoothing takes time in the square of it");
        if (c.decomposition().residualContextLength().isEmpty()) return;
        int length = c.decomposition().residualContextLength().get();
        require(length > c.patchLength() && length <= c.contextLength(), Key.RESIDUAL_CONTEXT_LENGTH,
                "more than patch_length = " + c.patchLength() + " and at most context_length = " + c.contextLength());
    }

    /** In a third-generation model without weights that depend on C, channel indices may exceed C. */
    private void channels() {
        boolean bounded = c.mixesChannels() || !c.isThirdGeneration();
        int channels = bounded ? c.numInputChannels() : Domain.MAX_SIZE;
        String last = bounded ? "num_input_channels − 1 = " + (channels - 1) : "2²⁰ − 1";
        indices(Key.PREDICTION_CHANNEL_INDICES, c.predictionChannelIndices(), channels, last);
        indices(Key.EXOGENOUS_CHANNEL_INDICES, c.exogenousChannelIndices(), channels, last);
        for (int index : c.predictionChannelIndices()) {
            require(Collections.binarySearch(c.exogenousChannelIndices(), index) < 0, Key.EXOGENOUS_CHANNEL_INDICES,
                    "none of prediction_channel_indices, but " + index + " is in both");
        }
        require(c.exogenousChannelIndices().isEmpty() || c.forecastChannelCount() > 0, Key.EXOGENOUS_CHANNEL_INDICES,
                "a channel left to forecast of num_input_channels = " + c.numInputChannels());
    }

    /** Both lists are in ascending order, so equal indices are neighbours. */
    private void indices(Key key, List<Integer> indices, int channels, String last) {
        for (int i = 0; i < indices.size(); i++) {
            int index = indices.get(i);
            require(index >= 0 && index < channels, key, "indices from 0 to " + last);
            require(i == 0 || index != indices.get(i - 1), key, "each channel once, but " + index + " repeats");
        }
    }

    private void filter() {
        if (c.predictionFilterLength().isEmpty()) return;
        int filter = c.outputLength();
        require(filter >= 1 && filter <= c.predictionLength(), Key.PREDICTION_FILTER_LENGTH,
                "1 to prediction_length = " + c.predictionLength() + ", or null");
    }

    private void categoricals() {
        List<Integer> vocabularies = c.categoricalVocabSizeList();
        for (int size : vocabularies) {
            require(size >= 1 && size <= Domain.MAX_SIZE, Key.CATEGORICAL_VOCAB_SIZE_LIST, "sizes from 1 to 2²⁰");
        }
        require(vocabularies.isEmpty() || c.useDecoder() && c.decoderMode() == TtmConfig.Mode.MIX_CHANNEL,
                Key.CATEGORICAL_VOCAB_SIZE_LIST, "null, or a decoder with decoder_mode \"mix_channel\"");
    }

    private void tokens() {
        TokenConfig tokens = c.tokens();
        int frequencies = TokenConfig.frequencies(c);
        require(tokens.getOneFreqEmb() || tokens.fftLength() <= frequencies, Key.FFT_LENGTH, "at most " + frequencies
                + ", the frequencies of context_length = " + c.contextLength() + ", without get_one_freq_emb");
        require(!tokens.multiScale() || !c.maskedPrediction(), Key.MULTI_SCALE, "false in a masked-prediction model");
        boolean more = tokens.registerTokens() > 0 || tokens.fftLength() > 0
                || tokens.multiScale() && c.numPatchesWithoutPrefix() > 1;
        require(!c.useDecoder() || !c.decoderRawResidual() || !more, Key.DECODER_RAW_RESIDUAL,
                "false beside multi_scale, register_tokens or fft_length, whose tokens are no patches");
    }

    private void quantilesOfForecaster() {
        QuantileHeadConfig head = c.quantileHead();
        if (!head.enabled()) return;
        require(!head.useDecoderPool() || c.useDecoder() || c.decoderDModel() == c.dModel(), Key.MQ_USE_DECODER_POOL,
                "false, a decoder, or decoder_d_model = d_model = " + c.dModel() + " without one");
        require(!head.stepWidths() || head.useDecoderPool() && head.levels().size() >= 3, Key.MQ_STEP_WIDTHS,
                "false, or mq_use_decoder_pool true and at least 3 quantile_levels");
        require(c.outputLength() > 1,
                c.predictionFilterLength().isPresent() ? Key.PREDICTION_FILTER_LENGTH : Key.PREDICTION_LENGTH,
                "at least 2 with multi_quantile_head, which normalises over the steps");
    }

    private void channelMixing() {
        if (!c.enableForecastChannelMixing()) return;
        require(c.fcmContextLength() > 0 || !c.fcmUseMixer(), Key.FCM_CONTEXT_LENGTH, "at least 1 with fcm_use_mixer");
        require(!c.fcmPrependPast() || c.fcmContextLength() + c.fcmPastOffset() <= c.modelContextLength(),
                Key.FCM_CONTEXT_LENGTH,
                "no more steps than the context of " + c.contextLength() + " has before its offset");
    }

    private void widths() {
        divisible(Key.D_MODEL, c.dModel(), c.adaptivePatchingLevels());
        if (c.useDecoder()) divisible(Key.DECODER_D_MODEL, c.decoderDModel(), c.decoderAdaptivePatchingLevels());
        boolean mixesFirst = c.enableForecastChannelMixing() && c.fcmUseMixer();
        int channels = c.forecastChannelCount() + c.exogenousChannelIndices().size();
        if (mixesFirst && channels > 1) heads(2 * c.fcmWindow(), "2 · (2 · fcm_context_length + 1)");
    }

    private void divisible(Key key, int width, int levels) {
        int[] factors = levels == 0 ? new int[]{1} : TtmConfig.levelFactors(width, levels);
        for (int factor : factors) {
            require(width % factor == 0, key, "a multiple of " + factor + ", the factor of a patching level");
            // A single patch has no patch mixer and therefore no attention.
            if (c.numPatches() > 1 || factor > 1) heads(width / factor, key + " / " + factor);
        }
    }

    private void heads(int width, String name) {
        require(!c.selfAttn() || width % c.selfAttnHeads() == 0, Key.SELF_ATTN_HEADS,
                "a divisor of " + name + " = " + width);
    }

    /** A configuration with few parameters can still need a huge amount of memory for a forecast. */
    private void sizes() {
        atMost(MAX_PARAMETERS, ModelSize.parameters(c), "%.3g parameters; at most 2²⁸");
        atMost(MAX_ACTIVATIONS, ModelSize.activations(c), "%.3g activations a sample (%.3g MB); at most 2²⁵");
    }

    /** @param what the format of the number and its megabytes as floats */
    private static void atMost(double most, ModelSize size, String what) {
        if (size.total <= most) return;
        throw new IllegalArgumentException(
                String.format(Locale.ROOT, "\"%s\" and the sizes beside it ask for " + what + " are supported",
                        size.largest, size.total, 4 * size.total / 1e6));
    }

    private void require(boolean holds, Key key, String expected) {
        if (!holds) throw ConfigJson.wrong(key.toString(), ConfigJson.json(c.values().get(key)), expected);
    }
}
