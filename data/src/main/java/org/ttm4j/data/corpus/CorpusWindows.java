package org.ttm4j.data.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;

/**
 * Random windows of a corpus for pre-training. The same seed and index always give the same window, so that any thread
 * can draw any of them.
 *
 * <p>The weight of a data set is the {@code datasetPower}-th power of the number of its values, and the weight of a
 * series within it is its length. With a power of ½, a set that is a hundred times larger is drawn ten times as often:
 * it holds more to learn, but the series of one set resemble each other.
 *
 * <p>Downsampling, the published augmentation with the largest effect, draws a factor k for some windows and takes the
 * mean of every k steps, or every k-th step, which is the same series at a coarser resolution. The other augmentations
 * change the sign, mix two windows, mask stretches, and shorten the past. Missing values stay NaN. Immutable and
 * thread-safe.
 */
public final class CorpusWindows {
    /** The greatest exponent of a data set's size. */
    public static final double MOST_POWER = 10;

    /**
     * The sizes of windows, and the probabilities of the augmentations. The factors must not be changed.
     *
     * @param context the number of steps of the past, L
     * @param horizon the number of steps of the future, H
     * @param datasetPower the exponent of the size of a data set in its weight
     * @param downsampled the share of windows that are downsampled
     * @param factors the factors, ascending, drawn with equal probability among those that leave a series long enough
     * @param flipped the share of windows whose sign is changed
     * @param mixed the share of windows that are mixed with a second one
     * @param masked the share of windows in which stretches of the past are masked
     * @param shortened the share of windows whose past is shortened
     */
    public record Options(int context, int horizon, double datasetPower, double downsampled, int[] factors,
            double flipped, double mixed, double masked, double shortened) {
        private static final int LEAST_CONTEXT_STEPS = 5;
        private static final int MOST_FACTOR = 10_000;

        /** @throws IllegalArgumentException naming the component that is impossible and its range */
        public Options {
            factors = factors.clone();
            Arrays.sort(factors);
            require(context >= LEAST_CONTEXT_STEPS, "context", context, "at least " + LEAST_CONTEXT_STEPS);
            require(horizon >= 1, "horizon", horizon, "at least 1");
            require(datasetPower >= 0 && datasetPower <= MOST_POWER, "dataset power", datasetPower,
                    "0 to " + MOST_POWER);
            for (int factor : factors) {
                require(factor >= 2 && factor <= MOST_FACTOR, "factor", factor, "2 to " + MOST_FACTOR);
            }
            share("downsampled", downsampled);
            share("flipped", flipped);
            share("mixed", mixed);
            share("masked", masked);
            share("shortened", shortened);
        }

        private static void share(String name, double value) {
            require(value >= 0 && value <= 1, name, value, "a share from 0 to 1");
        }

        private static void require(boolean holds, String name, Object value, String expected) {
            if (!holds) throw new IllegalArgumentException(name + " " + value + ": expected " + expected);
        }

        /** Windows of these sizes, as the bundled models were trained on. */
        public static Options defaults(int context, int horizon) {
            return new Options(context, horizon, 0.5, 0.5, new int[]{2, 3, 4, 5, 6}, 0.1, 0.1, 0.1, 0.05);
        }
    }

    /** A series can be drawn with factor k when it then fills the horizon and this share of the context. */
    private static final double LEAST_CONTEXT = 0.25;
    /** A window is drawn again when less than this share of the past, or of the future, is observed. */
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
     * Windows of all data sets except some.
     *
     * @param excluded the data sets kept aside for validation
     * @throws IllegalArgumentException when no series is long enough
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
        if (bySet.isEmpty()) {
            String outside = excluded.isEmpty() ? "" : " outside " + String.join(", ", excluded);
            throw new IllegalArgumentException(
                    "no series of the corpus" + outside + " has the " + least() + " steps needed");
        }
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
     * Writes window {@code index}, NaN where values are missing.
     *
     * @param window overwritten; context + horizon steps
     * @return the resolution of the window in seconds
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
        // A series that is too short begins within the window; the steps before it are missing.
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

    /** The mean of the observed values among {@code count}; NaN when none is observed. */
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

    /** Whether enough values are observed, and the past varies when the window does. */
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

    /** Makes a convex combination of two windows, each of which is first divided by the deviation of its past. */
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
