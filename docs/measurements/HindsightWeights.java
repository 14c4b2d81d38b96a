package org.ttm4j.ttm.combine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusSeries;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.rolling.Season;

/**
 * What a combination of the same members could reach: on windows of each validation set the error (MASE) of the combination,
 * of the weights that are best for the set in hindsight, and of the member that is best for each window in hindsight, over that
 * of the model alone. A member that a window has no forecast of has the model's there; the combination keeps forecasts at 0 where
 * no value of the history is negative, the members here do not.
 *
 * <pre>
 * javac -d /tmp/hindsight -cp 'cli/target/lib/*' docs/measurements/HindsightWeights.java
 * java --add-modules jdk.incubator.vector -cp '/tmp/hindsight:cli/target/lib/*' org.ttm4j.ttm.combine.HindsightWeights CORPUS
 * </pre>
 */
public class HindsightWeights {
    private static final int WINDOWS = 100;
    private static final int HISTORY = 2048;
    private static final int ITERATIONS = 2000;

    private final Forecaster model = Forecaster.bundled();
    private final CombinedForecaster combined = CombinedForecaster.of(model);

    /** A window: members' forecasts and the truth in units of the seasonal scale; errors there are those of MASE. */
    private record Window(double[][] members, double[] combined, double[] truth) {}

    public static void main(String[] args) throws IOException {
        Corpus corpus = Corpus.open(Path.of(args[0]));
        HindsightWeights measured = new HindsightWeights();
        System.out.println("| set | combination | best weights of the set | best member of each window |\n|---|---:|---:|---:|");
        double[] logs = new double[3];
        List<String> sets = Validation.validationSets();
        for (String set : sets) {
            List<Window> windows = measured.windows(corpus, set);
            double alone = mean(windows, new double[]{1});
            double best = windows.stream()
                    .mapToDouble(w -> Arrays.stream(w.members).mapToDouble(f -> error(f, w.truth)).min().orElseThrow())
                    .average()
                    .orElseThrow();
            double together = windows.stream().mapToDouble(w -> error(w.combined, w.truth)).average().orElseThrow();
            double[] ratios = {together / alone, bestWeights(windows) / alone, best / alone};
            for (int i = 0; i < logs.length; i++) logs[i] += Math.log(ratios[i]) / sets.size();
            System.out.printf("| %s | %.3f | %.3f | %.3f |%n", set, ratios[0], ratios[1], ratios[2]);
        }
        System.out.printf("| geometric mean | %.3f | %.3f | %.3f |%n", Math.exp(logs[0]), Math.exp(logs[1]),
                Math.exp(logs[2]));
    }

    private List<Window> windows(Corpus corpus, String set) {
        int[] series = IntStream.range(0, corpus.series().size())
                .filter(i -> corpus.series().get(i).dataset().equals(set))
                .toArray();
        Random random = new Random(1);
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < 10 * WINDOWS && windows.size() < WINDOWS; i++) {
            int number = series[random.nextInt(series.length)];
            CorpusSeries of = corpus.series().get(number);
            Duration step = Duration.ofSeconds(of.resolutionSeconds());
            int horizon = step.compareTo(Duration.ofDays(1)) < 0 ? 48 : 30;
            int length = Math.min(HISTORY, of.length() - horizon);
            if (length < HISTORY / 4) continue;
            float[] rows = new float[length + horizon];
            corpus.read(number, random.nextInt(of.length() - rows.length + 1), rows.length, rows, 0);
            Window window = window(Arrays.copyOf(rows, length), Arrays.copyOfRange(rows, length, rows.length), step);
            // The same members in all windows, or weights of one would be those of another.
            boolean isLike = window != null
                    && (windows.isEmpty() || window.members.length == windows.get(0).members.length);
            if (isLike) windows.add(window);
        }
        return windows;
    }

    /** Null where half of the truth, or the seasonal scale, is missing. */
    private Window window(float[] past, float[] truth, Duration step) {
        double[] history = IntStream.range(0, past.length).mapToDouble(t -> past[t]).toArray();
        List<Season> seasons = Seasons.of(history, step);
        int season = seasons.isEmpty() ? 1 : seasons.get(0).steps();
        double scale = IntStream.range(season, history.length)
                .mapToDouble(t -> Math.abs(history[t] - history[t - season]))
                .filter(difference -> !Double.isNaN(difference))
                .average()
                .orElse(0);
        double[] scaled = IntStream.range(0, truth.length).mapToDouble(h -> truth[h] / scale).toArray();
        if (scale == 0 || 2 * Combination.observed(scaled) < scaled.length) return null;
        ForecastRequest request = ForecastRequest.of(new double[][]{history}).withFrequency(step).withHorizon(truth.length);
        TrendAndSeason parts = TrendAndSeason.of(history, season);
        List<double[]> members = new ArrayList<>();
        for (Member member : Members.of(seasons)) {
            members.add(member.attempt(history, parts, truth.length)
                    .map(made -> made.finish().apply(ofModel(made, request)))
                    .orElse(members.isEmpty() ? null : members.get(0)));
        }
        return new Window(members.stream().map(member -> over(member, scale)).toArray(double[][]::new),
                over(combined.forecast(request).doubleValues()[0], scale), scaled);
    }

    private double[] ofModel(Member.Attempt made, ForecastRequest request) {
        if (made.modelInput() == null) return null;
        return model.forecast(ForecastRequest.of(new double[][]{made.modelInput()})
                .withFrequency(request.frequency().orElseThrow())
                .withHorizon(request.horizon())).doubleValues()[0];
    }

    private static double[] over(double[] values, double scale) {
        return Arrays.stream(values).map(value -> value / scale).toArray();
    }

    private static double error(double[] forecast, double[] truth) {
        return IntStream.range(0, truth.length)
                .filter(h -> !Double.isNaN(truth[h]))
                .mapToDouble(h -> Math.abs(forecast[h] - truth[h]))
                .average()
                .orElseThrow();
    }

    /** The mean error of the weighted sum of the first members. */
    private static double mean(List<Window> windows, double[] weights) {
        return windows.stream().mapToDouble(window -> error(sum(window, weights), window.truth)).average().orElseThrow();
    }

    private static double[] sum(Window window, double[] weights) {
        double[] sum = new double[window.truth.length];
        for (int i = 0; i < weights.length; i++) {
            for (int h = 0; h < sum.length; h++) sum[h] += weights[i] * window.members[i][h];
        }
        return sum;
    }

    /** The least mean error of non-negative weights that sum to 1, by exponentiated gradients. */
    private static double bestWeights(List<Window> windows) {
        int members = windows.get(0).members.length;
        double[] logs = new double[members];
        double[] weights = new double[members];
        Arrays.fill(weights, 1.0 / members);
        double least = Double.POSITIVE_INFINITY;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            least = Math.min(least, mean(windows, weights));
            double[] gradient = new double[members];
            for (Window window : windows) {
                double[] sum = sum(window, weights);
                double steps = (double) Combination.observed(window.truth) * windows.size();
                for (int h = 0; h < sum.length; h++) {
                    if (Double.isNaN(window.truth[h])) continue;
                    double sign = Math.signum(sum[h] - window.truth[h]) / steps;
                    for (int i = 0; i < members; i++) gradient[i] += sign * (window.members[i][h] - sum[h]);
                }
            }
            double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
            if (largest == 0) break;
            double total = 0;
            for (int i = 0; i < members; i++) {
                logs[i] -= gradient[i] / largest / Math.sqrt(1 + 0.3 * iteration);
                weights[i] = Math.exp(logs[i]);
                total += weights[i];
            }
            for (int i = 0; i < members; i++) weights[i] /= total;
        }
        return least;
    }
}
