package org.ttm4j.data.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random windows of a corpus for pre-training, by number: the same seed and number always give the same window, so any
 * thread may draw any of them.
 *
 * <p>Weights: a data set is drawn by the {@code datasetPower}-th power of its values, a series within it by its length.
 * A power of ½ lets a set that is a hundred times larger be drawn ten times as often: large sets hold more to learn but
 * their series resemble each other.
 *
 * <p>Downsampling (the published augmentation with the largest effect) draws a factor k for some windows and takes the
 * mean of every k steps, or every k-th step: the same series at a coarser resolution. Further augmentation: turned in
 * sign, mixed with another window, stretches masked out, the past cut short. Missing values stay NaN. Immutable and
 * thread-safe.
 */
public final class CorpusWindows {
    /**
     * How windows are drawn; shares are probabilities.
     *
     * @param context steps of the past, L
     * @param horizon steps of the future, H
     * @param datasetPower exponent of a data set's size in its weight
     * @param downsampled share of windows that are downsampled
     * @param factors the factors, drawn with equal probability among those that leave a series long enough
     * @param flipped share turned in sign
     * @param mixed share mixed with a second window
     * @param masked share of which stretches of the past are masked
     * @param shortened share whose past is cut short
     */
    public record Options(int context, int horizon, double datasetPower, double downsampled, int[] factors,
            double flipped, double mixed, double masked, double shortened) {}

    /** A series can be drawn at factor k when it fills the horizon and this share of the context. */
    private static final double LEAST_CONTEXT = 0.25;
    /** A window is drawn anew when less than this share of its past, or of its future, is observed. */
    private static final double LEAST_PAST_OBSERVED = 1.0 / 16;
    private static final double LEAST_FUTURE_OBSERVED = 0.25;
    private static final int ATTEMPTS = 20;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Corpus corpus;
    private final Options options;
    private final long seed;
    private final List<int[]> series = new ArrayList<>();
    private final List<double[]> seriesWeights = new ArrayList<>();
    private final double[] datasetWeights;

    /**
     * Windows of all data sets but some.
     *
     * @param excluded data sets kept aside, for validation
     */
    public CorpusWindows(Corpus corpus, Set<String> excluded, Options options, long seed) {
        this.corpus = corpus;
        this.options = options;
        this.seed = seed;
        Map<String, List<Integer>> bySet = new LinkedHashMap<>();
        for (int i = 0; i < corpus.series().size(); i++) {
            CorpusSeries one = corpus.series().get(i);
            if (excluded.contains(one.file().dataset()) || one.length() < least()) continue;
            bySet.computeIfAbsent(one.file().dataset(), name -> new ArrayList<>()).add(i);
        }
        if (bySet.isEmpty()) throw new IllegalArgumentException("no series of the corpus is long enough");
        datasetWeights = new double[bySet.size()];
        for (List<Integer> numbers : bySet.values()) {
            int[] drawn = numbers.stream().mapToInt(i -> i).toArray();
            double[] lengths = numbers.stream().mapToDouble(i -> corpus.series().get(i).length()).toArray();
            datasetWeights[series.size()] = Math.pow(Arrays.stream(lengths).sum(), options.datasetPower);
            series.add(drawn);
            seriesWeights.add(cumulative(lengths));
        }
        cumulative(datasetWeights);
    }

    private int least() {
        return (int) (options.context * LEAST_CONTEXT) + options.horizon;
    }

    private static double[] cumulative(double[] weights) {
        for (int i = 1; i < weights.length; i++) weights[i] += weights[i - 1];
        return weights;
    }

    private static int draw(double[] cumulative, SplittableRandom random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int index = Arrays.binarySearch(cumulative, at);
        return Math.min(index < 0 ? -index - 1 : index + 1, cumulative.length - 1);
    }

    /**
     * Writes window {@code index}: context + horizon steps, NaN where missing.
     *
     * @param window overwritten
     * @return the window's resolution in seconds
     */
    public long fill(float[] window, long index) {
        SplittableRandom random = new SplittableRandom(seed * GOLDEN + index);
        long resolution = drawUsable(window, random);
        if (random.nextDouble() < options.mixed) {
            float[] other = new float[window.length];
            drawUsable(other, random);
            mix(window, other, (float) random.nextDouble(0.2, 0.8));
        }
        if (random.nextDouble() < options.flipped) for (int t = 0; t < window.length; t++) window[t] = -window[t];
        if (random.nextDouble() < options.masked) maskStretches(window, random);
        if (random.nextDouble() < options.shortened) {
            int kept = random.nextInt(options.context / 16, options.context);
            Arrays.fill(window, 0, options.context - kept, Float.NaN);
        }
        return resolution;
    }

    private long drawUsable(float[] window, SplittableRandom random) {
        long resolution = drawOnce(window, random);
        for (int attempt = 1; attempt < ATTEMPTS && !usable(window); attempt++) resolution = drawOnce(window, random);
        return resolution;
    }

    private long drawOnce(float[] window, SplittableRandom random) {
        int dataset = draw(datasetWeights, random);
        int number = series.get(dataset)[draw(seriesWeights.get(dataset), random)];
        CorpusSeries drawn = corpus.series().get(number);
        int factor = drawFactor(drawn.length(), random);
        int length = drawn.length() / factor;
        // A series that is too short begins within the window, which is missing before it.
        int spare = length - window.length;
        int start = spare > 0 ? random.nextInt(spare + 1) : spare;
        int padding = Math.max(0, -start);
        int phase = random.nextInt(drawn.length() - length * factor + 1);
        float[] raw = new float[(window.length - padding) * factor];
        corpus.read(number, Math.max(0, start) * factor + phase, raw.length, raw, 0);
        Arrays.fill(window, 0, padding, Float.NaN);
        boolean mean = random.nextBoolean();
        for (int t = padding; t < window.length; t++) {
            int at = (t - padding) * factor;
            window[t] = mean ? mean(raw, at, factor) : raw[at];
        }
        return drawn.file().resolutionSeconds() * factor;
    }

    private int drawFactor(int length, SplittableRandom random) {
        if (random.nextDouble() >= options.downsampled) return 1;
        int possible = 0;
        while (possible < options.factors.length && length / options.factors[possible] >= least()) possible++;
        return possible == 0 ? 1 : options.factors[random.nextInt(possible)];
    }

    /** The mean of the observed ones among {@code count} values; NaN when none is. */
    private static float mean(float[] values, int from, int count) {
        float sum = 0;
        int observed = 0;
        for (int i = from; i < from + count; i++) {
            if (Float.isNaN(values[i])) continue;
            sum += values[i];
            observed++;
        }
        return observed == 0 ? Float.NaN : sum / observed;
    }

    /** Whether enough is observed, and the past is not flat where the future is not. */
    private boolean usable(float[] window) {
        int past = observed(window, 0, options.context);
        int future = observed(window, options.context, window.length);
        if (past < options.context * LEAST_PAST_OBSERVED || future < options.horizon * LEAST_FUTURE_OBSERVED) {
            return false;
        }
        return range(window, 0, options.context) > 0.02f * range(window, 0, window.length);
    }

    private static int observed(float[] values, int from, int to) {
        int count = 0;
        for (int t = from; t < to; t++) count += Float.isNaN(values[t]) ? 0 : 1;
        return count;
    }

    private static float range(float[] values, int from, int to) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int t = from; t < to; t++) {
            if (values[t] < min) min = values[t];
            if (values[t] > max) max = values[t];
        }
        return max - min;
    }

    /** A convex combination of two windows, each first put on the scale of its own past. */
    private void mix(float[] window, float[] other, float share) {
        float a = share / deviation(window);
        float b = (1 - share) / deviation(other);
        for (int t = 0; t < window.length; t++) window[t] = a * window[t] + b * other[t];
    }

    private float deviation(float[] window) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int t = 0; t < options.context; t++) {
            if (Float.isNaN(window[t])) continue;
            sum += window[t];
            squares += (double) window[t] * window[t];
            count++;
        }
        double mean = sum / Math.max(count, 1);
        return (float) Math.sqrt(Math.max(squares / Math.max(count, 1) - mean * mean, 1e-6));
    }

    private void maskStretches(float[] window, SplittableRandom random) {
        int stretches = random.nextInt(1, 5);
        for (int i = 0; i < stretches; i++) {
            int length = (int) Math.exp(random.nextDouble(0, Math.log(options.context / 4.0)));
            int from = random.nextInt(options.context - length);
            Arrays.fill(window, from, from + length, Float.NaN);
        }
    }
}
