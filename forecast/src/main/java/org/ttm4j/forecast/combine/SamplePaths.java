package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Sample paths of a forecast: at each step the quantiles of its {@link Predictive} distribution, evenly spread, in the
 * order of the errors that the forecasts from earlier origins made together. So a path that is high at one step is as often
 * high at the next as past errors were, and channels that were wrong together are so in a path (the Schaake shuffle: Clark
 * et al. 2004, doi:10.1175/1525-7541(2004)005%3C0243:TSSAMF%3E2.0.CO;2).
 *
 * <p>Six or twelve past paths of errors are few. Each therefore orders many samples, whose places within its rank are drawn
 * from an autoregressive process; and a share of samples as large as that of {@link #PRIOR_PATHS} past paths follows that
 * process alone, in which channels share as much of the chance as their errors did, as do all steps beyond the past paths, and all samples where there are fewer than two of them. The process
 * has the autocorrelation of the past paths' ranks from step to step, shrunk towards {@link #PRIOR_CORRELATION}.
 *
 * <p>The same seed gives the same paths.
 */
public final class SamplePaths {
    private static final int PRIOR_PATHS = 2;
    private static final double PRIOR_CORRELATION = 0.7;
    /** Steps that the prior of the autocorrelation counts for. */
    private static final double PRIOR_STEPS = 8;
    /** Errors of an origin depend on each other: all count as so many. */
    private static final double INDEPENDENT_ERRORS = 5;

    private SamplePaths() {}

    /**
     * The paths of the channels of a request, channels × count × steps.
     *
     * @param seed from which the same paths follow
     */
    public static double[][][] of(List<Predictive> channels, int count, long seed) {
        double[] loadings = loadings(channels);
        return IntStream.range(0, channels.size())
                .mapToObj(c -> of(channels.get(c), count, seed, c, loadings[c]))
                .toArray(double[][][]::new);
    }

    /**
     * How much of the chance of each channel is common to all: the loadings of one factor that has the mean correlations of the
     * past errors.
     */
    private static double[] loadings(List<Predictive> channels) {
        int n = channels.size();
        double[] loadings = new double[n];
        int origins = channels.stream().mapToInt(channel -> channel.past().residuals().size()).min().orElse(0);
        if (n < 2 || origins < 2) return loadings;
        double[] means = new double[n];
        double[] squares = new double[n];
        List<double[]> errors = new ArrayList<>();
        for (int w = 0; w < origins; w++) {
            int origin = w;
            int steps = channels.stream()
                    .mapToInt(channel -> channel.past().residuals().get(origin).length)
                    .min()
                    .orElse(0);
            for (int h = 0; h < steps; h++) {
                int step = h;
                double[] row = channels.stream()
                        .mapToDouble(channel -> channel.past().residuals().get(origin)[step])
                        .toArray();
                if (!Arrays.stream(row).allMatch(Double::isFinite)) continue;
                for (int c = 0; c < n; c++) squares[c] += row[c] * row[c];
                errors.add(row);
            }
        }
        for (double[] row : errors) {
            double sum = 0;
            for (int c = 0; c < n; c++) {
                row[c] = squares[c] > 0 ? row[c] / Math.sqrt(squares[c]) : 0;
                sum += row[c];
            }
            for (int c = 0; c < n; c++) means[c] += row[c] * (sum - row[c]) / (n - 1);
        }
        double mean = Arrays.stream(means).average().orElse(0);
        if (!(mean > 0)) return loadings;
        double known = INDEPENDENT_ERRORS * origins;
        double shrunk = known / (known + PRIOR_STEPS);
        for (int c = 0; c < n; c++) loadings[c] = Math.clamp(Math.sqrt(shrunk) * means[c] / Math.sqrt(mean), 0, 0.99);
        return loadings;
    }

    private static double[][] of(Predictive predictive, int count, long seed, int channel, double loading) {
        int steps = predictive.steps();
        CrossValidation past = predictive.past();
        int[] known = IntStream.range(0, past.residuals().size())
                .filter(w -> Combination.observed(past.residuals().get(w)) > 0)
                .toArray();
        SplittableRandom ofChannel = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (channel + 1));
        double[][] ranks = ranks(known, past, steps, ofChannel);
        double correlation = correlation(ranks);
        SplittableRandom shared = new SplittableRandom(seed);
        SplittableRandom common = shared.split();
        double[][] heights = new double[count][steps];
        for (double[] path : heights) {
            int origin = known.length < 2 ? -1 : shared.nextInt(known.length + PRIOR_PATHS);
            double[] of = origin < 0 || origin >= known.length ? new double[0] : ranks[origin];
            double place = loading * common.nextGaussian()
                    + Math.sqrt(1 - loading * loading) * ofChannel.nextGaussian();
            double height = place;
            for (int h = 0; h < steps; h++) {
                double drawn = loading * common.nextGaussian()
                        + Math.sqrt(1 - loading * loading) * ofChannel.nextGaussian();
                double chance = Math.sqrt(1 - correlation * correlation) * drawn;
                if (h > 0) {
                    place = correlation * place + chance;
                    height = correlation * height + chance;
                }
                if (h < of.length && !Double.isNaN(of[h])) {
                    double within = 1 / (1 + Math.exp(-1.702 * place));
                    height = Predictive.normal((of[h] + Math.clamp(within, 0.001, 0.999)) / known.length);
                }
                path[h] = height;
            }
        }
        return ordered(predictive, heights);
    }

    /** The ranks of the errors of each past path among those of the same step, from 0; NaN where not all are known. */
    private static double[][] ranks(int[] known, CrossValidation past, int steps, SplittableRandom random) {
        double[][] ranks = new double[known.length][steps];
        for (int h = 0; h < steps; h++) {
            double[] errors = new double[known.length];
            for (int k = 0; k < errors.length; k++) {
                double[] residuals = past.residuals().get(known[k]);
                errors[k] = h < residuals.length ? residuals[h] / past.sizes()[known[k]] : Double.NaN;
            }
            boolean complete = Arrays.stream(errors).noneMatch(Double::isNaN);
            int[] order = complete ? order(errors, random) : new int[0];
            for (int k = 0; k < errors.length; k++) ranks[k][h] = Double.NaN;
            for (int rank = 0; rank < order.length; rank++) ranks[order[rank]][h] = rank;
        }
        return ranks;
    }

    /** The indices of values, the smallest first, equal ones by chance. */
    private static int[] order(double[] values, SplittableRandom random) {
        double[] chance = IntStream.range(0, values.length).mapToDouble(i -> random.nextDouble()).toArray();
        List<Integer> order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> values[i]).thenComparingDouble(i -> chance[i]))
                .toList();
        return order.stream().mapToInt(i -> i).toArray();
    }

    private static double correlation(double[][] ranks) {
        double products = 0;
        double squares = 0;
        double middle = (ranks.length - 1) / 2.0;
        double unit = Math.max(1, middle * middle * ranks.length / 3);
        for (double[] path : ranks) {
            for (int h = 1; h < path.length; h++) {
                double product = (path[h] - middle) * (path[h - 1] - middle);
                if (Double.isNaN(product)) continue;
                products += product;
                squares += (path[h] - middle) * (path[h] - middle);
            }
        }
        double prior = PRIOR_STEPS * unit;
        return Math.clamp((products + PRIOR_CORRELATION * prior) / (squares + prior), 0, 0.999);
    }

    /** The quantiles of each step, evenly spread, in the order of the heights. */
    private static double[][] ordered(Predictive predictive, double[][] heights) {
        int count = heights.length;
        Predictive.Levels levels = Predictive.Levels
                .of(IntStream.range(0, count).mapToDouble(i -> (i + 0.5) / count).toArray());
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) order[i] = i;
        for (int h = 0; h < heights[0].length; h++) {
            int step = h;
            double[] quantiles = predictive.quantiles(h, levels);
            Arrays.sort(order, Comparator.comparingDouble(i -> heights[i][step]));
            for (int rank = 0; rank < count; rank++) heights[order[rank]][h] = quantiles[rank];
        }
        return heights;
    }
}
