package org.ttm4j.ttm.combine;

import java.util.List;

/**
 * How far the truth lies from a combined forecast, from the errors that the combination made at earlier origins with
 * weights that did not know them. The mean absolute error of a step pools the errors of neighbouring steps and of steps of
 * the same phase of the season, and is shrunk towards a curve that grows with the step; quantiles are those of the logistic
 * distribution of that mean absolute error, s · ln(q / (1 − q)) with s = error / (2 ln 2).
 *
 * <p>Constants were chosen on the sets that docs/combination.md measures. With fewer than about fifty errors this is a prior with
 * some evidence, and no coverage is promised.
 */
final class Spread {
    /** Exponent of the prior's growth with the step. */
    private static final double GROWTH = 0.3;
    /** Errors that the prior's level counts for, and that level as a share of the mean absolute seasonal difference. */
    private static final double PRIOR_ERRORS = 4;
    private static final double PRIOR_SHARE = 0.6;
    /** Errors that the curve counts for beside those of the neighbourhood. */
    private static final double CURVE_ERRORS = 12;
    /** The neighbourhood: two steps, or a 24th of a season, and a decay over steps far apart. */
    private static final double STEPS = 2;
    private static final double SEASON_SHARE = 1.0 / 24;
    private static final double FAR = 60;
    /** What is measured on few windows turns out too small by about this factor. */
    private static final double INFLATION = 1.04;

    private Spread() {}

    /**
     * The expected absolute error of each step.
     *
     * @param residuals of earlier origins, truth − forecast by step, NaN = unknown; shorter than the horizon where the
     *     origin had less to forecast
     * @param difference mean absolute seasonal difference of the history
     * @param season steps; 1 for none
     */
    static double[] absoluteErrors(List<double[]> residuals, double difference, int season, int horizon) {
        double sum = 0;
        double weight = 0;
        double count = 0;
        for (double[] window : residuals) {
            for (int h = 0; h < window.length; h++) {
                if (Double.isNaN(window[h])) continue;
                sum += Math.abs(window[h]);
                weight += curve(h);
                count++;
            }
        }
        double prior = PRIOR_SHARE * difference;
        double level = count == 0 ? prior : (sum / weight * count + prior * PRIOR_ERRORS) / (count + PRIOR_ERRORS);
        // A mean of few errors is uncertain itself.
        double inflation = INFLATION * (1 + PRIOR_ERRORS / (count + PRIOR_ERRORS));
        double[] errors = new double[horizon];
        for (int h = 0; h < horizon; h++) errors[h] = inflation * around(h, residuals, season, level * curve(h));
        return errors;
    }

    private static double around(int step, List<double[]> residuals, int season, double curve) {
        double sum = CURVE_ERRORS * curve;
        double weight = CURVE_ERRORS;
        double width = Math.max(STEPS, season * SEASON_SHARE);
        for (double[] window : residuals) {
            for (int h = 0; h < window.length; h++) {
                if (Double.isNaN(window[h])) continue;
                int distance = Math.abs(h - step);
                double phase = season > 1 ? Math.min(distance % season, season - distance % season) : distance;
                double near = Math.exp(-phase * phase / (2 * width * width) - distance / FAR);
                sum += near * Math.abs(window[h]);
                weight += near;
            }
        }
        return sum / weight;
    }

    private static double curve(int step) {
        return Math.pow(1 + step, GROWTH);
    }

    /** What is added to a forecast with this expected absolute error for its quantile of a level. */
    private static double quantile(double level, double absoluteError) {
        return absoluteError / (2 * Math.log(2)) * Math.log(level / (1 - level));
    }

    /** The quantiles of a level around a forecast with these expected absolute errors, none below the least value. */
    static float[] quantiles(double level, double[] forecast, double[] absoluteErrors, double lower) {
        float[] quantiles = new float[forecast.length];
        for (int h = 0; h < quantiles.length; h++) {
            double value = Math.max(lower, forecast[h] + quantile(level, absoluteErrors[h]));
            quantiles[h] = (float) Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
        return quantiles;
    }
}
