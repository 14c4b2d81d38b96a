package org.ttm4j.ttm.config;

import java.util.Map;

/** The tokens besides the patches of the series, and the normalisation of all tokens; named as in {@link Key}. */
public record TokenConfig(boolean multiScale, int registerTokens, int fftLength, boolean useFftEmbedding,
        boolean getOneFreqEmb, boolean fftIgnoreDc, int fftDFreqMin, int fftDFreqMax, boolean enableBaseNormAlways) {

    TokenConfig(Map<Key, Object> v) {
        this(Key.MULTI_SCALE.of(v), Key.REGISTER_TOKENS.of(v), Key.FFT_LENGTH.of(v), Key.USE_FFT_EMBEDDING.of(v),
                Key.GET_ONE_FREQ_EMB.of(v), Key.FFT_IGNORE_DC.of(v), Key.FFT_D_FREQ_MIN.of(v), Key.FFT_D_FREQ_MAX.of(v),
                Key.ENABLE_BASE_NORM_ALWAYS.of(v));
    }

    /** F, the number of Fourier frequencies of a context, including the mean. */
    public static int frequencies(TtmConfig c) {
        return c.contextLength() / 2 + 1;
    }

    /** k, the number of frequencies that are used, at most F. */
    public int frequencyCount(TtmConfig c) {
        return Math.min(fftLength, frequencies(c));
    }

    /** The number of tokens that the frequencies become. */
    public int frequencyTokens(TtmConfig c) {
        return getOneFreqEmb ? Math.min(1, fftLength) : frequencyCount(c);
    }

    /** The number of features of one frequency: D, or d_f if all frequencies share a token. */
    public int frequencyWidth(TtmConfig c) {
        if (!getOneFreqEmb) return c.dModel();
        return Math.max(fftDFreqMin, Math.min(fftDFreqMax, Math.max(1, c.dModel() / Math.max(1, frequencyCount(c)))));
    }

    /** The number of scales for P₀ patches: one more than the times that P₀ can be halved. */
    public int scales(int patches) {
        return multiScale ? Integer.SIZE - Integer.numberOfLeadingZeros(patches) : 1;
    }

    /** The number of patches of all scales, for P₀ patches at the finest scale. */
    int patches(int finest) {
        int count = 0;
        for (int scale = 0; scale < scales(finest); scale++) count += finest >> scale;
        return count;
    }

    /** True if all tokens of a series are normalised together. */
    public boolean baseNorm() {
        return multiScale || enableBaseNormAlways;
    }
}
