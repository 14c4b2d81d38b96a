package org.ttm4j.ttm.train;

import org.ttm4j.ttm.config.TtmConfig;

/**
 * Training windows by number. The same number always gives the same window, whichever thread asks and in whichever
 * order, so that a resumed run sees what an uninterrupted one would. Implementations are thread-safe.
 */
@FunctionalInterface
public interface WindowSource {

    /** Fills every array of the window with window {@code index}, counted from 0. */
    void fill(Window window, long index);

    /** What tells the data of the windows from other data, such as its checksum; empty where nothing does. */
    default String identity() {
        return "";
    }

    /**
     * The output of a frozen backbone for a window, [C, P, D], when it was computed before; null makes the trainer run the
     * backbone. The array must not be changed. It is asked for only while the backbone is frozen.
     */
    default float[] hidden(long index) {
        return null;
    }

    /**
     * One sample, overwritten by {@link #fill}: channels × steps each.
     *
     * @param past channels × L, missing values filled
     * @param mask channels × L: 1 = observed
     * @param target forecast channels × Hf: their future; anything finite where not observed
     * @param targetMask forecast channels × Hf: 1 = observed
     * @param knownFuture exogenous channels × Hf: their future; empty for models that read none
     * @param token one resolution token, for models that read one
     * @param categories a value for each static category; empty for models that read none
     */
    record Window(float[] past, float[] mask, float[] target, float[] targetMask, float[] knownFuture, int[] token,
            int[] categories) {

        /** A window of zeros for a model, of this many channels. */
        public static Window of(TtmConfig config, int channels) {
            int past = channels * config.contextLength();
            int future = config.predictionChannels(channels).length * config.outputLength();
            int known = config.usesExogenous() ? config.exogenousChannels().length * config.outputLength() : 0;
            return new Window(new float[past], new float[past], new float[future], new float[future], new float[known],
                    new int[1], new int[config.categoricalVocabSizeList().size()]);
        }
    }
}
