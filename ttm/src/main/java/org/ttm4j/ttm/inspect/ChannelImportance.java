package org.ttm4j.ttm.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.ttm4j.ttm.rolling.ForecastErrors;
import org.ttm4j.ttm.rolling.ForecastFunction;
import org.ttm4j.ttm.rolling.Origins;
import org.ttm4j.ttm.rolling.RollingForecasts;

/**
 * Permutation importance of the channels of a model, drivers among them: by how much its errors grow where a channel is out of
 * step with all others. The channel is moved along time by a random number of rows, round the end of the series, so that it
 * keeps its own season and correlation and loses what it has to do with the others and with what comes; its known future
 * moves with it. Sources: Breiman 2001, doi:10.1023/A:1010933404324; Fisher et al. 2018, arXiv:1801.01489.
 *
 * <pre>{@code
 * Forecaster model = Forecaster.load(folder); // fine-tuned
 * ForecastRequest request = ForecastRequest.of(series).withFrequency(Duration.ofHours(1));
 * Origins origins = Origins.in(testRows, 512, 96, 24);
 * List<ChannelImportance> channels = ChannelImportance.of(
 *         moved -> PastForecasts.of(model, request.withHistory(moved)), series, origins, 5, 2);
 * }</pre>
 *
 * <p>Not what a channel causes, nor what a model trained without it would lose: of two channels that say the same, each may
 * look idle or both may look important. A channel moved against the others is a series that never was, and the model's answer
 * to it may be worse than to no channel at all. Choose rows that the model was not trained on.
 *
 * @param channel input channel
 * @param increase of the mean absolute error: its ratio to that of the series as it is, less 1, the mean over forecast
 *     channels and repetitions; 0 for a channel that the model does not use, and NaN where there is no error to grow
 * @param spread standard deviation of the increase over repetitions
 */
public record ChannelImportance(int channel, double increase, double spread) {
    private static final long SEED = 15;

    /**
     * The importance of every channel of a series, in their order. Takes a run over all origins for each channel and
     * repetition, and one more.
     *
     * @param model forecasts a series, channels × time, from any of its rows
     * @param series channels × time; NaN = missing
     * @param origins where forecasts are made from
     * @param repetitions moves of each channel, at least 2
     * @param threads that forecast at the same time
     * @throws IllegalArgumentException when the model cannot forecast from an origin, when there are fewer than 2 repetitions,
     *     or when the series is shorter than a context and two horizons
     * @throws InterruptedException when this thread is interrupted
     */
    public static List<ChannelImportance> of(Function<double[][], ForecastFunction> model, double[][] series,
            Origins origins, int repetitions, int threads) throws InterruptedException {
        int rows = series[0].length;
        if (repetitions < 2) {
            throw new IllegalArgumentException(repetitions + " repetitions: expected at least 2");
        }
        if (rows < origins.context() + 2 * origins.horizon()) {
            throw new IllegalArgumentException("the series has " + rows + " rows: expected at least "
                    + (origins.context() + 2 * origins.horizon()) + ", a context and two horizons");
        }
        double[] usual = errors(model.apply(series), series, origins, threads);
        SplittableRandom random = new SplittableRandom(SEED);
        List<ChannelImportance> importance = new ArrayList<>();
        for (int c = 0; c < series.length; c++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < repetitions; i++) {
                // By a horizon or more in either direction.
                int by = random.nextInt(origins.horizon(), rows - origins.horizon() + 1);
                double[][] moved = series.clone();
                moved[c] = moved(series[c], by);
                double increase = increase(errors(model.apply(moved), series, origins, threads), usual);
                sum += increase;
                squares += increase * increase;
            }
            double mean = sum / repetitions;
            double variance = Math.max(0, squares / repetitions - mean * mean) * repetitions / (repetitions - 1);
            importance.add(new ChannelImportance(c, mean, Math.sqrt(variance)));
        }
        return importance;
    }

    private static double[] moved(double[] channel, int by) {
        double[] moved = new double[channel.length];
        for (int t = 0; t < channel.length; t++) moved[(t + by) % channel.length] = channel[t];
        return moved;
    }

    /** The mean absolute error of each forecast channel, against the series as it is. */
    private static double[] errors(ForecastFunction function, double[][] series, Origins origins, int threads)
            throws InterruptedException {
        ForecastErrors errors = RollingForecasts.errors(function, series, origins, 1, threads);
        double[] absolute = new double[function.channels().length];
        for (int i = 0; i < absolute.length; i++) absolute[i] = errors.channel(i).mae();
        return absolute;
    }

    private static double increase(double[] errors, double[] usual) {
        double sum = 0;
        for (int i = 0; i < errors.length; i++) sum += errors[i] / usual[i] - 1;
        return sum / errors.length;
    }
}
