package org.ttm4j.ttm.train;

/**
 * Training windows by number. The same number always gives the same window, whichever thread asks and in whichever
 * order, so that a resumed run sees what an uninterrupted one would. Implementations are thread-safe.
 */
@FunctionalInterface
public interface WindowSource {

    /** Fills every array of the window with window {@code index} = 0, 1, 2, … */
    void fill(Window window, long index);

    /**
     * One sample, overwritten by {@link #fill}: channels × steps each.
     *
     * @param past channels × L, missing values filled
     * @param mask channels × L: 1 = observed
     * @param target channels × H: the forecast channels' future; anything finite where not observed
     * @param targetMask channels × H: 1 = observed
     * @param token one resolution token, for models that read one
     */
    record Window(float[] past, float[] mask, float[] target, float[] targetMask, int[] token) {}
}
