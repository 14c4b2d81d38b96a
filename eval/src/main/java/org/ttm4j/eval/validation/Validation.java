package org.ttm4j.eval.validation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusSeries;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.eval.protocol.Parallel;
import org.ttm4j.eval.protocol.Period;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.rolling.Baselines;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.train.WindowSource;
import org.ttm4j.ttm.train.Windows;

/**
 * Measures models, during pre-training and after, on data sets that were kept aside. Windows lie evenly over each set;
 * errors are taken on the scale of the corpus (each series standardised), beside the better of "last period repeated"
 * and "mean period of the context". Immutable and thread-safe.
 */
public final class Validation {
    private static final int WINDOWS_PER_SET = 256;
    private static final int WINDOWS_PER_TASK = 64;

    private final TtmConfig config;
    private final List<DataSet> sets = new ArrayList<>();

    /** Windows of one data set, their frequency (null where they have several), and what simple forecasts make of them. */
    private record DataSet(String name, Duration frequency, List<WindowSource.Window> windows, List<Double> deviations,
            double best) {}

    /**
     * The mean squared error of a model on one data set.
     *
     * @param frequency of all its windows; null where they have several
     * @param ratio the error over the better simple forecast's
     */
    public record SetScore(String name, Duration frequency, int windows, double mse, double ratio) {}

    /**
     * The mean squared error of a model.
     *
     * @param mse the mean over the data sets
     * @param ratio the geometric mean over the data sets of the model's error over the better simple forecast's
     */
    public record Score(double mse, double ratio, List<SetScore> sets) {}

    /** Draws the windows of the named data sets. Throws IllegalArgumentException for a set without a usable window. */
    public Validation(Corpus corpus, List<String> names, TtmConfig config) {
        this.config = config;
        for (String name : names) sets.add(dataSet(corpus, name));
    }

    private DataSet dataSet(Corpus corpus, String name) {
        int length = config.contextLength() + config.outputLength();
        List<Integer> series = new ArrayList<>();
        long possible = 0;
        for (int i = 0; i < corpus.series().size(); i++) {
            CorpusSeries one = corpus.series().get(i);
            if (!one.dataset().equals(name) || one.length() < length) continue;
            series.add(i);
            possible += one.length() - length + 1;
        }
        if (series.isEmpty()) throw new IllegalArgumentException("validation: no window of " + length + " in " + name);
        List<WindowSource.Window> windows = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        double last = 0;
        double mean = 0;
        long stride = Math.max(1, possible / WINDOWS_PER_SET);
        float[] raw = new float[length];
        long next = stride / 2;
        for (int i : series) {
            CorpusSeries one = corpus.series().get(i);
            int starts = one.length() - length + 1;
            int period = Period.of(new Frequency(0, one.resolutionSeconds() * 1000), config.contextLength()).steps();
            for (; next < starts; next += stride) {
                corpus.read(i, (int) next, length, raw, 0);
                last += baseline(raw, period, true);
                mean += baseline(raw, period, false);
                WindowSource.Window window = emptyWindow(one);
                deviations.add(Windows.normalise(raw, window));
                windows.add(window);
            }
            next -= starts;
        }
        List<Duration> intervals = series.stream()
                .map(i -> Duration.ofSeconds(corpus.series().get(i).resolutionSeconds()))
                .distinct()
                .toList();
        return new DataSet(name, intervals.size() == 1 ? intervals.get(0) : null, windows, deviations,
                Math.min(last, mean) / windows.size());
    }

    /** Throws IllegalArgumentException naming a data set that has several intervals, none of which can be told of it. */
    public void requireOneFrequency() {
        for (DataSet set : sets) {
            if (set.frequency != null) continue;
            throw new IllegalArgumentException(
                    "validation: " + set.name + " has series of several resolutions; expected one a data set");
        }
    }

    private double baseline(float[] raw, int period, boolean last) {
        float[] forecast = new float[config.outputLength()];
        int context = config.contextLength();
        if (last) Baselines.lastPeriod(forecast, raw, 0, context, period);
        else Baselines.meanPeriod(forecast, raw, 0, context, period);
        double sum = 0;
        int count = 0;
        for (int h = 0; h < forecast.length; h++) {
            double error = (double) forecast[h] - raw[context + h];
            if (Double.isNaN(error)) continue;
            sum += error * error;
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }

    private WindowSource.Window emptyWindow(CorpusSeries series) {
        WindowSource.Window window = WindowSource.Window.of(config, 1);
        window.token()[0] = Resolution.of(Duration.ofSeconds(series.resolutionSeconds()))
                .tokenWithin(config.frequencyTokenVocabSize());
        return window;
    }

    /** Measures a model of this validation's configuration. */
    public Score score(TtmModel model) {
        Predictor predictor = new Predictor(model);
        return score(set -> forecasts(predictor, set));
    }

    /**
     * Measures any model as a program uses it. Each data set must have {@linkplain #requireOneFrequency one frequency}.
     *
     * @param history the last steps of each past, which are all it sees
     * @param told whether it is told the frequency between steps
     * @throws IllegalArgumentException when that is too short a history for it
     */
    public Score score(Forecaster forecaster, int history, boolean told) {
        return score(set -> forecasts(forecaster, set, history, told));
    }

    private Score score(Function<DataSet, float[]> forecasts) {
        List<SetScore> scores = new ArrayList<>();
        double sum = 0;
        double logarithms = 0;
        for (DataSet set : sets) {
            double mse = mse(forecasts.apply(set), set);
            scores.add(new SetScore(set.name, set.frequency, set.windows.size(), mse, mse / set.best));
            sum += mse;
            logarithms += Math.log(mse / set.best);
        }
        return new Score(sum / sets.size(), Math.exp(logarithms / sets.size()), scores);
    }

    /** The forecasts of all windows, one behind the other. */
    private float[] forecasts(Predictor predictor, DataSet set) {
        int count = set.windows.size();
        int past = config.contextLength();
        int future = config.outputLength();
        Predictor.Samples samples = new Predictor.Samples(new float[count * past], new float[count * past],
                config.resolutionPrefixTuning() ? new int[count] : null, null, null, new float[count * future]);
        for (int i = 0; i < count; i++) {
            System.arraycopy(set.windows.get(i).past(), 0, samples.past(), i * past, past);
            System.arraycopy(set.windows.get(i).mask(), 0, samples.mask(), i * past, past);
            if (samples.tokens() != null) samples.tokens()[i] = set.windows.get(i).token()[0];
        }
        predictor.predict(samples, 0, count);
        return samples.forecast();
    }

    private float[] forecasts(Forecaster forecaster, DataSet set, int history, boolean told) {
        List<ForecastRequest> requests = set.windows.stream()
                .map(window -> ForecastRequest.of(new float[][]{lastSteps(window, history)})
                        .withHorizon(config.outputLength()))
                .map(request -> told ? request.withFrequency(set.frequency) : request)
                .toList();
        int future = config.outputLength();
        float[] forecasts = new float[requests.size() * future];
        int tasks = (requests.size() + WINDOWS_PER_TASK - 1) / WINDOWS_PER_TASK;
        Parallel.forEach(tasks, Runtime.getRuntime().availableProcessors(), task -> {
            int from = task * WINDOWS_PER_TASK;
            int to = Math.min(requests.size(), from + WINDOWS_PER_TASK);
            List<ForecastResult> made = forecaster.forecastAll(requests.subList(from, to));
            for (int i = from; i < to; i++) {
                System.arraycopy(made.get(i - from).orElseThrow().values()[0], 0, forecasts, i * future, future);
            }
        });
        return forecasts;
    }

    /** The last steps of a window's past, missing ones NaN again. */
    private static float[] lastSteps(WindowSource.Window window, int steps) {
        int length = window.past().length;
        float[] last = Arrays.copyOfRange(window.past(), length - steps, length);
        for (int t = 0; t < steps; t++) if (window.mask()[length - steps + t] == 0) last[t] = Float.NaN;
        return last;
    }

    private double mse(float[] forecasts, DataSet set) {
        int count = set.windows.size();
        int future = config.outputLength();
        double total = 0;
        for (int i = 0; i < count; i++) {
            WindowSource.Window window = set.windows.get(i);
            double sum = 0;
            int observed = 0;
            for (int h = 0; h < future; h++) {
                if (window.targetMask()[h] == 0) continue;
                double error = (forecasts[i * future + h] - window.target()[h]) * set.deviations.get(i);
                sum += error * error;
                observed++;
            }
            total += observed == 0 ? 0 : sum / observed;
        }
        return total / count;
    }
}
