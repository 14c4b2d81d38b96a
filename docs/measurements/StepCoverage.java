import java.io.IOException;
import java.nio.file.Files;
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
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;

/**
 * What lies in a model's own intervals of 80 %, and the mean pinball loss of its deciles, by the step: windows of the
 * validation sets that fill its context, 300 of each set, standardised by their past.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp 'cli/target/lib/*' docs/measurements/StepCoverage.java CORPUS MODEL_DIR
 * </pre>
 */
public class StepCoverage {
    private static final int WINDOWS = 300;
    private static final int[] ENDS = {1, 2, 4, 8, 16, 24, 48, 72, 96};
    private static final double[] DECILES = IntStream.rangeClosed(1, 9).mapToDouble(i -> i / 10.0).toArray();

    private final double[] inside;
    private final double[] loss;
    private final long[] count;

    private StepCoverage(int horizon) {
        inside = new double[horizon];
        loss = new double[horizon];
        count = new long[horizon];
    }

    public static void main(String[] args) throws IOException {
        Corpus corpus = Corpus.open(Path.of(args[0]));
        Path folder = Path.of(args[1]);
        Forecaster forecaster = Files.isDirectory(folder) ? Forecaster.load(folder) : Forecaster.bundled(args[1]);
        int context = forecaster.longestModel().config().contextLength();
        int horizon = forecaster.longestModel().config().outputLength();
        StepCoverage measured = new StepCoverage(horizon);
        Random random = new Random(1);
        for (String set : Validation.validationSets()) {
            int[] series = IntStream.range(0, corpus.series().size())
                    .filter(i -> corpus.series().get(i).dataset().equals(set))
                    .filter(i -> corpus.series().get(i).length() >= context + horizon)
                    .toArray();
            for (int i = 0; i < WINDOWS && series.length > 0; i++) {
                measured.add(forecaster, corpus, series[random.nextInt(series.length)], context, random);
            }
        }
        measured.print();
    }

    private void add(Forecaster forecaster, Corpus corpus, int number, int context, Random random) {
        CorpusSeries series = corpus.series().get(number);
        float[] window = new float[context + count.length];
        corpus.read(number, random.nextInt(series.length() - window.length + 1), window.length, window, 0);
        double[] past = IntStream.range(0, context)
                .mapToDouble(t -> window[t])
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = Arrays.stream(past).average().orElse(0);
        double deviation = Math.sqrt(Arrays.stream(past).map(x -> (x - mean) * (x - mean)).average().orElse(0));
        if (past.length < context / 2 || deviation < 1e-6) return;
        ForecastRequest request = ForecastRequest.of(new float[][]{Arrays.copyOf(window, context)})
                .withHorizon(count.length)
                .withFrequency(Duration.ofSeconds(series.resolutionSeconds()))
                .withQuantiles(DECILES);
        if (!(forecaster.forecastAll(List.of(request)).get(0) instanceof ForecastResult.Success made)) return;
        float[][][] quantiles = made.forecast().quantiles().orElseThrow().values();
        for (int h = 0; h < count.length; h++) {
            float truth = window[context + h];
            if (Float.isNaN(truth)) continue;
            count[h]++;
            if (quantiles[0][0][h] <= truth && truth <= quantiles[DECILES.length - 1][0][h]) inside[h]++;
            for (int q = 0; q < DECILES.length; q++) {
                double error = (truth - quantiles[q][0][h]) / deviation;
                loss[h] += 2 * Math.max(DECILES[q] * error, (DECILES[q] - 1) * error) / DECILES.length;
            }
        }
    }

    private void print() {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int end : ENDS) {
            if (end > count.length) break;
            long observed = Arrays.stream(count, from, end).sum();
            lines.add("| %d to %d | %.1f | %.4f |".formatted(from + 1, end,
                    100 * Arrays.stream(inside, from, end).sum() / observed,
                    Arrays.stream(loss, from, end).sum() / observed));
            from = end;
        }
        System.out.println("| steps | in 80 % | CRPS |\n|---|---:|---:|\n" + String.join("\n", lines));
    }
}
