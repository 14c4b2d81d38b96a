package org.ttm4j.ttm.config;

import java.util.Map;

/**
 * What becomes tokens beside the patches of the series, and how all of them are normalised.
 *
 * @param multiScale whether the series is also seen at half its resolution, a quarter, and so on
 * @param registerTokens learned tokens that are the same for every series
 * @param fftLength frequencies of each series that become tokens; 0 for none
 * @param useFftEmbedding whether a frequency has an embedding; otherwise its number goes through a small MLP
 * @param getOneFreqEmb whether all of them together become one token
 * @param fftIgnoreDc whether frequency 0, the mean, counts as absent
 * @param fftDFreqMin least features of a frequency in that one token
 * @param fftDFreqMax most features of one there
 * @param enableBaseNormAlways whether all tokens of a series are normalised together, also where there is one scale
 */
public record TokenConfig(boolean multiScale, int registerTokens, int fftLength, boolean useFftEmbedding,
        boolean getOneFreqEmb, boolean fftIgnoreDc, int fftDFreqMin, int fftDFreqMax, boolean enableBaseNormAlways) {
    static final TokenConfig DEFAULT = new TokenConfig(false, 0, 0, true, false, false, 4, 64, false);

    static TokenConfig read(Map<String, ?> json) {
        return new TokenConfig(ConfigJson.flagOrNull(json, "multi_scale", false),
                ConfigJson.integer(json, "register_tokens", 0), ConfigJson.integer(json, "fft_length", 0),
                ConfigJson.flagOrNull(json, "use_fft_embedding", true),
                ConfigJson.flagOrNull(json, "get_one_freq_emb", false),
                ConfigJson.flagOrNull(json, "fft_ignore_dc", false),
                ConfigJson.integer(json, "fft_d_freq_min", DEFAULT.fftDFreqMin),
                ConfigJson.integer(json, "fft_d_freq_max", DEFAULT.fftDFreqMax),
                ConfigJson.flagOrNull(json, "enable_base_norm_always", false));
    }

    void write(Map<String, Object> json) {
        json.put("multi_scale", multiScale);
        json.put("register_tokens", (long) registerTokens);
        json.put("fft_length", (long) fftLength);
        json.put("use_fft_embedding", useFftEmbedding);
        json.put("get_one_freq_emb", getOneFreqEmb);
        json.put("fft_ignore_dc", fftIgnoreDc);
        json.put("fft_d_freq_min", (long) fftDFreqMin);
        json.put("fft_d_freq_max", (long) fftDFreqMax);
        json.put("enable_base_norm_always", enableBaseNormAlways);
    }

    /** The rules that hold by themselves. */
    void check() {
        ConfigRules.between("register_tokens", registerTokens, 0, ConfigRules.MAX_SIZE);
        ConfigRules.between("fft_length", fftLength, 0, ConfigRules.MAX_SIZE);
        ConfigRules.between("fft_d_freq_min", fftDFreqMin, 0, ConfigRules.MAX_SIZE);
        ConfigRules.between("fft_d_freq_max", fftDFreqMax, 0, ConfigRules.MAX_SIZE);
        ConfigRules.require(fftDFreqMin > 0 || fftDFreqMax > 0 || !getOneFreqEmb || fftLength == 0, "fft_d_freq_max",
                fftDFreqMax, "at least 1, as fft_d_freq_min is 0");
    }

    /** The rules that depend on the model around; not for a decomposed one, but for each of its forecasters. */
    void check(TtmConfig c) {
        ConfigRules.require(getOneFreqEmb || fftLength <= frequencies(c), "fft_length", fftLength,
                "at most " + frequencies(c) + ", the frequencies of context_length = " + c.contextLength()
                        + ", without get_one_freq_emb");
        ConfigRules.require(!multiScale || !c.maskedPrediction(), "multi_scale", true,
                "false in a masked-prediction model");
        boolean more = registerTokens > 0 || fftLength > 0 || multiScale && c.numPatchesWithoutPrefix() > 1;
        ConfigRules.require(!c.useDecoder() || !c.decoderRawResidual() || !more, "decoder_raw_residual", true,
                "false beside multi_scale, register_tokens or fft_length, whose tokens are no patches");
    }

    /** F, the frequencies of a context, the mean included. */
    static int frequencies(TtmConfig c) {
        return c.contextLength() / 2 + 1;
    }

    /** k, frequencies that are looked for: no more than there are. */
    public int frequencyCount(TtmConfig c) {
        return Math.min(fftLength, frequencies(c));
    }

    /** Tokens that the frequencies make. */
    public int frequencyTokens(TtmConfig c) {
        return getOneFreqEmb ? Math.min(1, fftLength) : frequencyCount(c);
    }

    /** Features of one frequency: D, or d_f where all share a token. */
    public int frequencyWidth(TtmConfig c) {
        if (!getOneFreqEmb) return c.dModel();
        return Math.max(fftDFreqMin, Math.min(fftDFreqMax, Math.max(1, c.dModel() / Math.max(1, frequencyCount(c)))));
    }

    /** Scales at which P₀ patches are seen: as often as P₀ can be halved, and once more. */
    public int scales(int patches) {
        return multiScale ? Integer.SIZE - Integer.numberOfLeadingZeros(patches) : 1;
    }

    /** Patches of all scales, of P₀ at the finest. */
    int patches(int finest) {
        int count = 0;
        for (int scale = 0; scale < scales(finest); scale++) count += finest >> scale;
        return count;
    }

    /** Whether all tokens of a series are normalised together. */
    public boolean baseNorm() {
        return multiScale || enableBaseNormAlways;
    }
}
