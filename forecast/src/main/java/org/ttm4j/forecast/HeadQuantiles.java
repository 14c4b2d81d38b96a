package org.ttm4j.forecast;

import java.util.List;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.config.QuantileHeadConfig;

/**
 * The quantiles of a model with a quantile head. A level between two of the model's is interpolated linearly, which keeps the
 * order. One beyond them lies on the logistic distribution through the model's middle and its outermost quantile on that side.
 *
 * @param values levels of the model × forecast channels × at least the horizon
 */
record HeadQuantiles(QuantileHeadConfig head, double[][][] values) {
    /** Of the first steps, as many as the horizon; of the levels of the model where none are named. */
    Quantiles quantiles(int horizon, double... levels) {
        double[] chosen = levels.length > 0 ? levels : head.levels().stream().mapToDouble(level -> level).toArray();
        double[][][] result = new double[chosen.length][][];
        for (int i = 0; i < chosen.length; i++) result[i] = at(head.levels(), values, horizon, chosen[i]);
        return new Quantiles(chosen, result, 0);
    }

    /** Whether a level lies beyond those of the model. */
    boolean isBeyond(double level) {
        return level < head.levels().get(0) || level > head.levels().get(head.levels().size() - 1);
    }

    private static double[][] at(List<Double> levels, double[][][] values, int horizon, double level) {
        int middle = levels.size() / 2;
        int last = levels.size() - 1;
        if (last == 0 && level != levels.get(0)) {
            throw new IllegalArgumentException(
                    "quantiles: level " + level + ": this model has " + levels.get(0) + " alone");
        }
        if (level < levels.get(0) || level > levels.get(last)) {
            int outer = level < levels.get(0) ? 0 : last;
            return between(values[middle], values[outer], logit(level) / logit(levels.get(outer)), horizon);
        }
        int above = 0;
        while (levels.get(above) < level) above++;
        int below = levels.get(above) == level ? above : above - 1;
        double share = below == above ? 0 : (level - levels.get(below)) / (levels.get(above) - levels.get(below));
        return between(values[below], values[above], share, horizon);
    }

    private static double logit(double level) {
        return Math.log(level / (1 - level));
    }

    private static double[][] between(double[][] low, double[][] high, double share, int horizon) {
        double[][] result = new double[low.length][horizon];
        for (int c = 0; c < low.length; c++) {
            for (int t = 0; t < horizon; t++) {
                double value = low[c][t] + share * (high[c][t] - low[c][t]);
                result[c][t] = Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
            }
        }
        return result;
    }
}
