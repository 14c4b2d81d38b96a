package org.ttm4j.ttm.config;

import java.util.Map;

/**
 * What becomes tokens beside the patches of the series, and how all of them are normalised: the keys of {@link Key} of
 * these names.
 */
public record TokenConfig(boolean multiScale, int registerTokens, int fftLength, boolean useFftEmbedding,
        boolean getOneFreqEmb, boolean fftIgnoreDc, int fftDFreqMin, int fftDFreqMax, boolean enableBaseNormAlways) {

    TokenConfig(Map<Key, Object> v) {
        this(Key.MULTI_SCALE.of(v), Key.REGISTER_TOKENS.of(v), Key.FFT_LENGTH.of(v), Key.USE_FFT_EMBEDDING.of(v),
                Key.GET_ONE_FREQ_EMB.of(v), Key.FFT_IGNORE_DC.of(v), Key.FFT_D_FREQ_MIN.of(v), Key.FFT_D_FREQ_MAX.of(v),
                Key.ENABLE_BASE_NORM_ALWAYS.of(v));
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

    /** True if all tokens of a series are normalised together. */
    public boolean baseNorm() {
        return multiScale || enableBaseNormAlways;
    }
}
