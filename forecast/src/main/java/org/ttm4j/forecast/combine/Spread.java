package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.combine.CrossValidation.Origin;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.Quantiles;

/**
 * The distribution of the truth around a combined forecast, from the errors at earlier origins, each made with weights
 * from the other origins. Errors grow with the step like (1 + step)^g, with the most likely g of the series. The mean
 * absolute error of a step is that curve times the mean of error/curve over neighbouring steps and steps of the same phase
 * of the season, shrunk towards the mean over all steps; quantiles are those of the logistic distribution of that mean
 * absolute error, s · ln(q / (1 − q)) with s = error / (2 ln 2). Without a season, where all errors are of the level and
 * depend on each other, the tails are the heavier, as those of Student's t distribution are, the fewer steps were
 * measured. Where the model has quantiles of its own, their distances from its middle one are averaged with those, and
 * count as much as the model does in the forecast, at most half: what the errors of few origins say, and what the model
 * knows of such series.
 *
 * <p>Constants were chosen on the sets that docs/measurements/combination.md lists. With fewer than about fifty errors this is
 * a prior with some evidence, and no coverage is promised.
 *
 * @param absoluteErrors the expected absolute error of each step
 * @param ofModel the model's own quantiles of these steps, if it has any
 * @param past the backtest of the combination
 * @param windows the origins that were measured
 */
record Spread(double[] absoluteErrors, Optional<Quantiles> ofModel, CrossValidation past, int windows) {
    /** Exponent of the growth with the step: its prior, the prior's deviation, and what it stays below. */
    private static final double GROWTH = 0.3;
    private static final double GROWTH_DEVIATION = 0.3;
    private static final double MOST_GROWTH = 1;
    private static final double GROWTH_STEP = 0.05;
    /** Errors of an origin depend on each other: all count as so many. */
    static final double INDEPENDENT_ERRORS = 5;
    /** Errors that the prior's level counts for, and that level as a share of the mean absolute seasonal difference. */
    private static final double PRIOR_ERRORS = 4;
    private static final double PRIOR_SHARE = 0.6;
    /** Errors that the curve counts for beside those of the neighbourhood. */
    private static final double CURVE_ERRORS = 12;
    /** The neighbourhood: two steps, or a 24th of a season, and a decay over steps far apart. */
    private static final double STEPS = 2;
    private static final double SEASON_SHARE = 1.0 / 24;
    private static final double FAR = 60;
    /** Errors measured on few windows are too small by about this factor. */
    private static final double INFLATION = 1.04;

    /** How heavy the tails are without an error, and the steps of a backtest after which they are half as heavy. */
    private static final double HEAVIEST = 0.6;
    private static final double STEPS_OF_HALF = 12;
    /** Logits of the level .8, whose quantile does not depend on that, and of .95, beyond which it has no more effect. */
    private static final double SAME = Math.log(4);
    private static final double OUTER = Math.log(19);

    /** The level of the model's forecast. */
    static final double MIDDLE = 0.5;
    /** The largest weight of the model's own distances: .75 is as good. */
    private static final double MOST_OF_MODEL = 0.5;
    /** The average of two distributions is wider than either needs to be: by 4 % where they count alike. */
    private static final double NARROWER = 0.08;

    /** After a backtest, for the steps after the history. */
    static Spread after(CrossValidation past, Optional<Quantiles> ofModel, int horizon) {
        return new Spread(past.absoluteErrors(horizon), ofModel, past, past.measured().size());
    }

    /** The same of steps so much later, at least as wide anywhere as the widest; the model's quantiles are those of near steps. */
    Spread behind(int missing) {
        double least = Arrays.stream(absoluteErrors).max().orElse(0);
        double[] errors = Arrays.stream(past.absoluteErrors(missing + absoluteErrors.length))
                .skip(missing)
                .map(error -> Math.max(least, error))
                .toArray();
        return new Spread(errors, Optional.empty(), past, windows);
    }

    /**
     * The expected absolute error of each step.
     *
     * @param residuals of earlier origins, truth − forecast by step, NaN = unknown; each as long as that origin had steps
     *     to forecast
     * @param difference mean absolute seasonal difference of the history
     * @param season steps; 1 for none
     */
    static double[] absoluteErrors(List<double[]> residuals, double difference, int season, int horizon) {
        int steps = residuals.stream().mapToInt(window -> window.length).max().orElse(0);
        double[] sums = new double[steps];
        int[] counts = new int[steps];
        for (double[] window : residuals) {
            for (int h = 0; h < window.length; h++) {
                if (Double.isNaN(window[h])) continue;
                sums[h] += Math.abs(window[h]);
                counts[h]++;
            }
        }
        double[] curve = curve(growth(sums, counts, residuals.size()), Math.max(steps, horizon));
        double sum = 0;
        double weight = 0;
        double count = 0;
        for (int h = 0; h < steps; h++) {
            sum += sums[h];
            weight += counts[h] * curve[h];
            count += counts[h];
        }
        double prior = PRIOR_SHARE * difference;
        double level = count == 0 ? prior : (sum / weight * count + prior * PRIOR_ERRORS) / (count + PRIOR_ERRORS);
        // A mean of few errors is uncertain itself.
        double inflation = INFLATION * (1 + PRIOR_ERRORS / (count + PRIOR_ERRORS));
        return IntStream.range(0, horizon)
                .mapToDouble(h -> inflation * curve[h] * around(h, sums, counts, curve, season, level))
                .toArray();
    }

    /** The most likely exponent, were the errors of a step those of a Laplace distribution and its scale this curve. */
    private static double growth(double[] sums, int[] counts, int origins) {
        double likely = GROWTH;
        double least = Double.POSITIVE_INFINITY;
        for (double growth = 0; growth < MOST_GROWTH; growth += GROWTH_STEP) {
            double[] curve = curve(growth, sums.length);
            double scale = 0;
            double logs = 0;
            double count = 0;
            for (int h = 0; h < sums.length; h++) {
                scale += sums[h] / curve[h];
                logs += counts[h] * Math.log(curve[h]);
                count += counts[h];
            }
            if (!(scale > 0)) return GROWTH;
            double unlikely = (growth - GROWTH) / GROWTH_DEVIATION;
            double cost = INDEPENDENT_ERRORS * origins * (Math.log(scale / count) + logs / count)
                    + unlikely * unlikely / 2;
            if (cost < least) {
                least = cost;
                likely = growth;
            }
        }
        return likely;
    }

    private static double[] curve(double growth, int steps) {
        return IntStream.rangeClosed(1, steps).mapToDouble(step -> Math.pow(step, growth)).toArray();
    }

    /** The mean absolute error over the curve, around a step. */
    private static double around(int step, double[] sums, int[] counts, double[] curve, int season, double level) {
        double sum = CURVE_ERRORS * level;
        double weight = CURVE_ERRORS;
        double width = Math.max(STEPS, season * SEASON_SHARE);
        for (int h = 0; h < sums.length; h++) {
            if (counts[h] == 0) continue;
            int distance = Math.abs(h - step);
            double phase = season > 1 ? Math.min(distance % season, season - distance % season) : distance;
            double near = Math.exp(-phase * phase / (2 * width * width) - distance / FAR);
            sum += near * sums[h] / curve[h];
            weight += near * counts[h];
        }
        return sum / weight;
    }

    /** How heavy the tails are. */
    private double heavy() {
        int measured = Origin.measured(past.windows().stream().map(CrossValidation.Window::origin).toList());
        return past.season() > 1 ? 0 : HEAVIEST * STEPS_OF_HALF / (measured + STEPS_OF_HALF);
    }

    /** The distance of a quantile from the forecast of a step, by the errors alone. */
    private double distance(double logit, int step, double heavy) {
        double reach = logit * (1 + heavy * (Math.min(Math.abs(logit), OUTER) / SAME - 1));
        return absoluteErrors[step] / (2 * Math.log(2)) * reach;
    }

    /** That distance, and the model's own, as much as the model counts. */
    private double mixed(double distance, double ofModel) {
        double share = Math.min(MOST_OF_MODEL, past.modelShare());
        return (1 - NARROWER * share) * ((1 - share) * distance + share * ofModel);
    }

    /**
     * The quantiles around a forecast, none below the least value.
     *
     * @param levels among those of the model, if it has any
     */
    Quantiles quantiles(double[] forecast, double... levels) {
        double[][][] quantiles = new double[levels.length][1][forecast.length];
        double heavy = heavy();
        double[][] ofMiddle = ofModel.map(own -> own.doublesAt(MIDDLE)).orElse(null);
        for (int q = 0; q < levels.length; q++) {
            double level = levels[q];
            double[][] ofLevel = ofModel.map(own -> own.doublesAt(level)).orElse(null);
            for (int h = 0; h < forecast.length; h++) {
                double distance = distance(logit(level), h, heavy);
                if (ofLevel != null) distance = mixed(distance, ofLevel[0][h] - ofMiddle[0][h]);
                double value = Math.max(past.lower(), forecast[h] + distance);
                quantiles[q][0][h] = Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
            }
        }
        return new Quantiles(levels, quantiles, windows);
    }

    /**
     * The quantiles of a step for ascending levels, among the deciles or between them, whatever other levels the model was asked
     * for; not yet bounded.
     */
    double[] quantiles(Predictive.Levels levels, int step, double forecast) {
        double[] asked = ofModel.map(own -> own.levels()).orElse(new double[0]);
        double[] deciles = ConformalIntervals.deciles();
        int[] places = IntStream.range(0, asked.length)
                .filter(i -> Arrays.binarySearch(deciles, asked[i]) >= 0)
                .toArray();
        double[] known = IntStream.of(places).mapToDouble(i -> asked[i]).toArray();
        double[] logits = Arrays.stream(known).map(Spread::logit).toArray();
        double[] quantiles = new double[levels.values().length];
        double heavy = heavy();
        int above = 0;
        for (int i = 0; i < quantiles.length; i++) {
            double logit = levels.logits()[i];
            double distance = distance(logit, step, heavy);
            if (known.length > 1) {
                // Between two levels of the model, and beyond its outermost, as straight as a logistic distribution is.
                while (above < known.length - 2 && logits[above + 1] < logit) above++;
                Quantiles own = ofModel.get();
                double low = own.value(places[above], 0, step);
                double slope = (own.value(places[above + 1], 0, step) - low) / (logits[above + 1] - logits[above]);
                double middle = own.value(places[Arrays.binarySearch(known, MIDDLE)], 0, step);
                double ownDistance = low + slope * (logit - logits[above]) - middle;
                distance = mixed(distance, ownDistance);
            }
            quantiles[i] = Math.clamp(forecast + distance, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
        return quantiles;
    }

    private static double logit(double level) {
        return Math.log(level / (1 - level));
    }
}
