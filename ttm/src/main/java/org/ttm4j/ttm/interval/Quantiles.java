package org.ttm4j.ttm.interval;

/**
 * Quantiles of a forecast. Immutable by convention: the arrays are the caller's to keep.
 *
 * @param levels strictly ascending, between 0 and 1
 * @param values levels × forecast channels × steps, ascending in the level, in the units of the forecast; float32, so of
 *     values about 1e9 in steps of 64
 * @param windows how many windows the quantiles rest on, at the channel and step that has the fewest; 0 for those of a
 *     quantile head
 */
public record Quantiles(double[] levels, float[][][] values, int windows) {

    /** The quantiles of a level, channels × steps; null where the level is not among them. */
    public float[][] at(double level) {
        for (int i = 0; i < levels.length; i++) if (levels[i] == level) return values[i];
        return null;
    }
}
