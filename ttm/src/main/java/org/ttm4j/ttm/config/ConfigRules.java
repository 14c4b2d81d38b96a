package org.ttm4j.ttm.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which values of a {@link TtmConfig} are possible. Every violation names the JSON key, its value and the rule. */
public final class ConfigRules {
    /** Far above any published model; keeps derived sizes inside an int and hostile files from exhausting memory. */
    static final int MAX_SIZE = 1 << 20;

    private static final int MAX_LAYERS = 256;
    private static final int MAX_LEVELS = 16;
    private static final double MAX_PARAMETERS = 1 << 28;
    /** Floats that a forward pass of one sample holds at a time, 128 MB. */
    private static final double MAX_ACTIVATIONS = 1 << 25;

    private ConfigRules() {}

    /**
     * The given configuration.
     *
     * @throws IllegalArgumentException at the first rule broken
     */
    public static TtmConfig checked(TtmConfig config) {
        sizes(config);
        numbers(config);
        config.gate().check();
        config.tokens().check();
        config.quantileHead().check();
        config.decomposition().check(config);
        channels(config);
        filter(config);
        categoricals(config);
        if (config.decomposed()) {
            // Each checks itself.
            config.residualForecaster();
            config.trendForecaster();
        } else {
            forecaster(config);
        }
        total(config);
        activations(config);
        return config;
    }

    /** What holds of each single forecaster. */
    private static void forecaster(TtmConfig c) {
        require(c.modelContextLength() > c.patchLength(), "context_length", c.contextLength(),
                "more than patch_length = " + c.patchLength());
        c.tokens().check(c);
        c.quantileHead().check(c);
        channelMixing(c);
        widths(c);
    }

    private static void sizes(TtmConfig c) {
        between("context_length", c.contextLength(), 1, MAX_SIZE);
        between("prediction_length", c.predictionLength(), 1, MAX_SIZE);
        between("patch_length", c.patchLength(), 1, MAX_SIZE);
        between("patch_stride", c.patchStride(), 1, MAX_SIZE);
        require(c.patchStride() == c.patchLength() || !c.isThirdGeneration(), "patch_stride", c.patchStride(),
                "patch_length = " + c.patchLength() + ": in models of the third generation patches do not overlap");
        between("num_input_channels", c.numInputChannels(), 1, MAX_SIZE);
        between("d_model", c.dModel(), 1, MAX_SIZE);
        between("expansion_factor", c.expansionFactor(), 1, MAX_SIZE);
        between("num_layers", c.numLayers(), 1, MAX_LAYERS);
        between("adaptive_patching_levels", c.adaptivePatchingLevels(), 0, MAX_LEVELS);
        between("self_attn_heads", c.selfAttnHeads(), 1, MAX_SIZE);
        between("decoder_num_layers", c.decoderNumLayers(), 1, MAX_LAYERS);
        between("decoder_d_model", c.decoderDModel(), 1, MAX_SIZE);
        between("decoder_adaptive_patching_levels", c.decoderAdaptivePatchingLevels(), 0, MAX_LEVELS);
        between("frequency_token_vocab_size", c.frequencyTokenVocabSize(), 1, MAX_SIZE);
        between("fcm_context_length", c.fcmContextLength(), 0, MAX_SIZE);
        between("fcm_mix_layers", c.fcmMixLayers(), 1, MAX_LAYERS);
        between("fcm_prepend_past_offset", c.fcmPrependPastOffset(), 0, MAX_SIZE);
    }

    private static void numbers(TtmConfig c) {
        require(positiveFloat(c.normEps()) && c.normEps() < 1, "norm_eps", c.normEps(), "a number in (0, 1)");
        probability("dropout", c.dropout());
        probability("head_dropout", c.headDropout());
        require(positiveFloat(c.quantile()) && (float) c.quantile() < 1, "quantile", c.quantile(),
                "a number in (0, 1)");
        require(positiveFloat(c.huberDelta()), "huber_delta", c.huberDelta(), "a positive number");
        require(Float.isFinite((float) c.maskValue()), "mask_value", c.maskValue(), "a finite number");
        require(c.initStd() == 0 || positiveFloat(c.initStd()), "init_std", c.initStd(), "a number of at least 0");
    }

    /** Where nothing is sized by C, channels of models of the third generation may lie beyond it, as data may have more. */
    private static void channels(TtmConfig c) {
        boolean bounded = c.mixesChannels() || !c.isThirdGeneration();
        int channels = bounded ? c.numInputChannels() : MAX_SIZE;
        String last = bounded ? "num_input_channels − 1 = " + (channels - 1) : "2²⁰ − 1";
        indices("prediction_channel_indices", c.predictionChannelIndices(), channels, last);
        indices("exogenous_channel_indices", c.exogenousChannelIndices(), channels, last);
        Set<Integer> exogenous = new HashSet<>(c.exogenousChannelIndices());
        for (int index : c.predictionChannelIndices()) {
            require(!exogenous.contains(index), "exogenous_channel_indices", c.exogenousChannelIndices(),
                    "none of prediction_channel_indices, but " + index + " is in both");
        }
        require(exogenous.isEmpty() || c.forecastChannelCount() > 0, "exogenous_channel_indices",
                c.exogenousChannelIndices(),
                "a channel left to forecast of num_input_channels = " + c.numInputChannels());
    }

    /** Both lists are in ascending order, so a repeated index stands beside its twin. */
    private static void indices(String key, List<Integer> indices, int channels, String last) {
        for (int i = 0; i < indices.size(); i++) {
            int index = indices.get(i);
            require(index >= 0 && index < channels, key, indices, "indices from 0 to " + last);
            require(i == 0 || index != indices.get(i - 1), key, indices,
                    "each channel once, but " + index + " repeats");
        }
    }

    private static void filter(TtmConfig c) {
        if (c.predictionFilterLength().isPresent()) {
            int filter = c.predictionFilterLength().getAsInt();
            require(filter >= 1 && filter <= c.predictionLength(), "prediction_filter_length", filter,
                    "1 to prediction_length = " + c.predictionLength() + ", or null");
        }
    }

    private static void categoricals(TtmConfig c) {
        List<Integer> vocabularies = c.categoricalVocabSizeList();
        for (int size : vocabularies) {
            require(size >= 1 && size <= MAX_SIZE, "categorical_vocab_size_list", vocabularies, "sizes from 1 to 2²⁰");
        }
        require(vocabularies.isEmpty() || (c.useDecoder() && c.decoderMode() == TtmConfig.Mode.MIX_CHANNEL),
                "categorical_vocab_size_list", vocabularies, "null, or a decoder with decoder_mode \"mix_channel\"");
    }

    private static void channelMixing(TtmConfig c) {
        if (!c.enableForecastChannelMixing()) return;
        require(c.fcmContextLength() > 0 || !c.fcmUseMixer(), "fcm_context_length", 0, "at least 1 with fcm_use_mixer");
        if (c.fcmPrependPast()) {
            require(c.fcmContextLength() + c.fcmPastOffset() <= c.modelContextLength(), "fcm_context_length",
                    c.fcmContextLength(),
                    "no more steps than the context of " + c.contextLength() + " has before its offset");
        }
    }

    private static void widths(TtmConfig c) {
        divisible(c, "d_model", c.dModel(), c.adaptivePatchingLevels());
        if (c.useDecoder()) divisible(c, "decoder_d_model", c.decoderDModel(), c.decoderAdaptivePatchingLevels());
        boolean mixesFirst = c.enableForecastChannelMixing() && c.fcmUseMixer();
        int channels = c.forecastChannelCount() + c.exogenousChannelIndices().size();
        if (mixesFirst && channels > 1) heads(c, 2 * c.fcmWindow(), "2 · (2 · fcm_context_length + 1)");
    }

    private static void divisible(TtmConfig c, String key, int width, int levels) {
        int[] factors = levels == 0 ? new int[]{1} : TtmConfig.levelFactors(width, levels);
        for (int factor : factors) {
            require(width % factor == 0, key, width, "a multiple of " + factor + ", the factor of a patching level");
            // A single patch has no patch mixer, and so no attention.
            if (c.numPatches() > 1 || factor > 1) heads(c, width / factor, key + " / " + factor);
        }
    }

    private static void heads(TtmConfig c, int width, String name) {
        require(!c.selfAttn() || width % c.selfAttnHeads() == 0, "self_attn_heads", c.selfAttnHeads(),
                "a divisor of " + name + " = " + width);
    }

    private static void total(TtmConfig c) {
        ParameterCount count = ParameterCount.of(c);
        if (count.total() <= MAX_PARAMETERS) return;
        String key = "d_model";
        double largest = count.backbone();
        if (count.decoder() > largest) {
            key = "decoder_d_model";
            largest = count.decoder();
        }
        if (count.head() > largest) {
            key = "prediction_length";
            largest = count.head();
        }
        if (count.channelMixing() > largest) {
            key = "fcm_context_length";
            largest = count.channelMixing();
        }
        if (count.quantileHead() > largest) key = "mq_hidden";
        throw new IllegalArgumentException(String.format(Locale.ROOT,
                "\"%s\" and the sizes beside it ask for %.3g parameters; at most 2²⁸ are supported", key,
                count.total()));
    }

    /** A file may pass with few parameters and still ask for endless memory at the first forecast. */
    private static void activations(TtmConfig c) {
        ActivationCount count = ActivationCount.of(c);
        if (count.total() <= MAX_ACTIVATIONS) return;
        throw new IllegalArgumentException(String.format(Locale.ROOT,
                "\"%s\" and the sizes beside it ask for %.3g activations a sample (%.3g MB); at most 2²⁵ are supported",
                count.largest(), count.total(), 4 * count.total() / 1e6));
    }

    static void requireNonNegative(String key, double value) {
        require(value >= 0 && Float.isFinite((float) value), key, value, "a number of at least 0");
    }

    private static void probability(String key, double value) {
        require(value >= 0 && value < 1, key, value, "a number in [0, 1)");
    }

    /** Whether the number still is what it says once the kernels see it in float32. */
    private static boolean positiveFloat(double value) {
        return (float) value > 0 && Float.isFinite((float) value);
    }

    static void between(String key, int value, int least, int most) {
        require(value >= least && value <= most, key, value, "an integer from " + least + " to " + most);
    }

    static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) throw ConfigJson.wrong(key, value, expected);
    }
}
