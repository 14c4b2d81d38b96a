package org.ttm4j.ttm;

import java.util.List;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.interval.Quantiles;

/** The quantiles of a model with a quantile head, at the levels that a request wants. */
final class NativeQuantiles {
    private NativeQuantiles() {}

    /**
     * Quantiles of the wanted levels; of all levels of the model where none are named. A level between two of the model's is
     * interpolated linearly, which keeps the order.
     *
     * @param values levels of the model × forecast channels × at least the horizon
     * @throws IllegalArgumentException when a level lies beyond those of the model
     */
    static Quantiles of(QuantileHeadConfig head, double[][][] values, int horizon, double[] wanted) {
        List<Double> levels = head.levels();
        double[] chosen = wanted.length == 0 ? levels.stream().mapToDouble(level -> level).toArray() : wanted;
        float[][][] result = new float[chosen.length][][];
        for (int i = 0; i < chosen.length; i++) result[i] = at(levels, values, horizon, chosen[i]);
        return new Quantiles(chosen, result, 0);
    }

    private static float[][] at(List<Double> levels, double[][][] values, int horizon, double level) {
        double first = levels.get(0);
        double last = levels.get(levels.size() - 1);
        if (level < first || level > last) {
            throw new IllegalArgumentException("quantiles: level " + level + ": this model has those from " + first
                    + " to " + last + "; calibrated intervals may reach further");
        }
        int above = 0;
        while (levels.get(above) < level) above++;
        int below = levels.get(above) == level ? above : above - 1;
        double share = below == above ? 0 : (level - levels.get(below)) / (levels.get(above) - levels.get(below));
        double[][] low = values[below];
        double[][] high = values[above];
        float[][] result = new float[low.length][horizon];
        for (int c = 0; c < low.length; c++) {
            for (int t = 0; t < horizon; t++) result[c][t] = (float) (low[c][t] + share * (high[c][t] - low[c][t]));
        }
        return result;
    }
}
