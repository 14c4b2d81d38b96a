package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Sample paths of a forecast: at each step the quantiles of its {@link Predictive} distribution, evenly spread, in the
 * order of the errors that the forecasts from earlier origins made together. So a path that is high at one step is as often
 * high at the next as past errors were, and channels that were wrong together are so in a path (the Schaake shuffle: Clark
 * et al. 2004, doi:10.1175/1525-7541(2004)005%3C0243:TSSAMF%3E2.0.CO;2).
 *
 * <p>Six or twelve past paths of errors are few. Each therefore orders many samples, whose places within its rank are drawn
 * from an autoregressive process; and a share of samples as large as that of {@link #PRIOR_PATHS} past paths follows that
 * process alone, as do all steps beyond the past paths, and all samples where there are fewer than two of them. Where demand is
 * that of the past, all steps of a path have a term in common besides, because its mean is uncertain. In the
 * process, channels share as much of the chance as their errors did; it has the autocorrelation of the past paths' ranks
 * from step to step, shrunk towards {@link #PRIOR_CORRELATION}.
 *
 * <p>The same seed gives the same paths.
 */
public final class SamplePaths {
    private static final int PRIOR_PATHS = 2;
    private static final int NONE = -1;
    private static final double PRIOR_CORRELATION = 0.7;
    /** Steps that the prior of the autocorrelation counts for. */
    private static final double PRIOR_STEPS = 8;

    private SamplePaths() {}

    /**
     * The random numbers that all channels share.
     *
     * @param chance paths × the start and the steps
     * @param ends for each path, when the past path ended by which it is ordered; {@link #NONE} where none orders it
     */
    private record Common(double[][] chance, int[] ends) {

        /** @param past when the past paths ended; with fewer than two, none orders a path */
        static Common of(int count, int steps, int[] past, long seed) {
            SplittableRandom shared = new SplittableRandom(seed);
            SplittableRandom random = shared.split();
            double[][] chance = new double[count][steps + 1];
            int[] ends = new int[count];
            for (int path = 0; path < count; path++) {
                int drawn = past.length < 2 ? past.length : shared.nextInt(past.length + PRIOR_PATHS);
                ends[path] = drawn < past.length ? past[drawn] : NONE;
                for (int h = 0; h <= steps; h++) chance[path][h] = random.nextGaussian();
            }
            return new Common(chance, ends);
        }
    }

    /**
     * The paths of the channels of a request, channels × count × steps. The last steps of all channels are at the same time.
     *
     * @param seed equal seeds give equal paths
     * @param requireTime called at each path and step; what it throws ends the work
     */
    public static double[][][] of(List<Predictive> channels, int count, long seed, Runnable requireTime) {
        double[] loadings = loadings(channels.stream().map(channel -> channel.result().past()).toList());
        int steps = channels.stream().mapToInt(Predictive::steps).max().orElse(0);
        int[] most = channels.stream()
                .map(channel -> ends(channel.result().past()))
                .max(Comparator.comparingInt(ends -> ends.length))
                .orElseThrow();
        Common common = Common.of(count, steps, most, seed);
        return IntStream.range(0, channels.size())
                .mapToObj(c -> of(channels.get(c), common, new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (c + 1)),
                        loadings[c], requireTime))
                .toArray(double[][][]::new);
    }

    /** When the past paths ended that were measured. */
    private static int[] ends(CrossValidation past) {
        return past.measured().stream().mapToInt(CrossValidation.Window::to).toArray();
    }

    /** The nearest of some ends, where it is less than half a path away; −1 where none is. */
    private static int nearest(int[] ends, int end, int steps) {
        int nearest = -1;
        for (int k = 0; k < ends.length && end != NONE; k++) {
            int away = Math.abs(ends[k] - end);
            if (2 * away < steps && (nearest < 0 || away < Math.abs(ends[nearest] - end))) nearest = k;
        }
        return nearest;
    }

    /**
     * How much of the chance of each channel is common to all: the loadings of one factor that has the mean correlations of the
     * past errors. A channel that was not measured has none.
     */
    static double[] loadings(List<CrossValidation> channels) {
        double[] loadings = new double[channels.size()];
        int[] measured = IntStream.range(0, loadings.length)
                .filter(c -> channels.get(c).measured().size() >= 2)
                .toArray();
        int n = measured.length;
        if (n < 2) return loadings;
        int origins = IntStream.of(measured).map(c -> channels.get(c).measured().size()).min().orElse(0);
        double[] means = new double[n];
        double[] squares = new double[n];
        List<double[]> errors = errors(IntStream.of(measured).mapToObj(channels::get).toList());
        for (double[] row : errors) for (int c = 0; c < n; c++) squares[c] += row[c] * row[c];
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
        double known = Spread.INDEPENDENT_ERRORS * origins;
        double shrunk = known / (known + PRIOR_STEPS);
        for (int c = 0; c < n; c++) {
            loadings[measured[c]] = Math.clamp(Math.sqrt(shrunk) * means[c] / Math.sqrt(mean), 0, 0.99);
        }
        return loadings;
    }

    /** The errors of all channels at the same time, one row for each n-th forecast of a time. */
    private static List<double[]> errors(List<CrossValidation> channels) {
        Map<List<Integer>, double[]> rows = new LinkedHashMap<>();
        for (int c = 0; c < channels.size(); c++) {
            Map<Integer, Integer> seen = new HashMap<>();
            for (CrossValidation.Window window : channels.get(c).windows()) {
                double[] residuals = window.residuals();
                for (int h = 0; h < residuals.length; h++) {
                    int time = window.end() + h;
                    double[] row = rows.computeIfAbsent(List.of(time, seen.merge(time, 1, Integer::sum)),
                            none -> DoubleStream.generate(() -> Double.NaN).limit(channels.size()).toArray());
                    row[c] = residuals[h];
                }
            }
        }
        return rows.values().stream().filter(row -> Arrays.stream(row).allMatch(Double::isFinite)).toList();
    }

    private static double[][] of(Predictive predictive, Common common, SplittableRandom ofChannel, double loading,
            Runnable requireTime) {
        int steps = predictive.steps();
        CrossValidation past = predictive.result().past();
        double[][] ranks = ranks(past.measured(), predictive, ofChannel);
        double correlation = correlation(ranks);
        double own = Math.sqrt(1 - loading * loading);
        double ofLevel = predictive.correlation();
        int[] ends = ends(past);
        double[][] heights = new double[common.ends.length][steps];
        for (int p = 0; p < heights.length; p++) {
            requireTime.run();
            double[] path = heights[p];
            double[] shared = common.chance[p];
            int before = shared.length - 1 - steps;
            int origin = ranks.length < 2 ? -1 : nearest(ends, common.ends[p], steps);
            double[] of = origin < 0 ? new double[0] : ranks[origin];
            double place = loading * shared[before] + own * ofChannel.nextGaussian();
            double height = place;
            double level = ofLevel == 0 ? 0 : Math.sqrt(ofLevel) * ofChannel.nextGaussian();
            for (int h = 0; h < steps; h++) {
                double drawn = loading * shared[before + 1 + h] + own * ofChannel.nextGaussian();
                double chance = Math.sqrt(1 - correlation * correlation) * drawn;
                if (h > 0) {
                    place = correlation * place + chance;
                    height = correlation * height + chance;
                }
                if (h < of.length && !Double.isNaN(of[h])) {
                    double within = 1 / (1 + Math.exp(-1.702 * place));
                    height = Predictive.normal((of[h] + Math.clamp(within, 0.001, 0.999)) / ranks.length);
                }
                path[h] = Math.sqrt(1 - ofLevel) * height + level;
            }
        }
        return ordered(predictive, heights, requireTime);
    }

    /** The ranks of the errors of each past path among those of the same step, from 0; NaN where not all are known. */
    private static double[][] ranks(List<CrossValidation.Window> past, Predictive of, SplittableRandom random) {
        double[][] errors = past.stream().map(of::errors).toArray(double[][]::new);
        double[][] ranks = new double[errors.length][of.steps()];
        for (int h = 0; h < of.steps(); h++) {
            int step = h;
            double[] atStep = Arrays.stream(errors)
                    .mapToDouble(path -> step < path.length ? path[step] : Double.NaN)
                    .toArray();
            boolean complete = Arrays.stream(atStep).noneMatch(Double::isNaN);
            int[] order = complete ? order(atStep, random) : new int[0];
            for (int k = 0; k < ranks.length; k++) ranks[k][h] = Double.NaN;
            for (int rank = 0; rank < order.length; rank++) ranks[order[rank]][h] = rank;
        }
        return ranks;
    }

    /** The indices of values, the smallest first, equal ones by chance. */
    private static int[] order(double[] values, SplittableRandom random) {
        double[] chance = IntStream.range(0, values.length).mapToDouble(i -> random.nextDouble()).toArray();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> values[i]).thenComparingDouble(i -> chance[i]))
                .mapToInt(i -> i)
                .toArray();
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
    private static double[][] ordered(Predictive predictive, double[][] heights, Runnable requireTime) {
        int count = heights.length;
        Predictive.Levels levels = Predictive.Levels
                .of(IntStream.range(0, count).mapToDouble(i -> (i + 0.5) / count).toArray());
        Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        for (int h = 0; h < heights[0].length; h++) {
            requireTime.run();
            int step = h;
            double[] quantiles = predictive.quantiles(h, levels);
            Arrays.sort(order, Comparator.comparingDouble(i -> heights[i][step]));
            for (int rank = 0; rank < count; rank++) heights[order[rank]][h] = quantiles[rank];
        }
        return heights;
    }
}
