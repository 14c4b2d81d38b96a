package org.ttm4j.ttm;

import java.util.List;
import org.ttm4j.ttm.run.Predictor;

/** The next pass of several runs as one batch of samples. */
final class SampleBatch {
    private final List<ForecastRun> runs;
    private final List<Predictor.Samples> parts;
    private final Predictor.Samples samples;

    /** Prepares the next pass of every run; there is at least one, and none is complete. */
    SampleBatch(List<ForecastRun> runs) {
        this.runs = runs;
        parts = runs.stream().map(ForecastRun::nextPass).toList();
        samples = parts.size() == 1 ? parts.get(0) : join();
    }

    Predictor.Samples samples() {
        return samples;
    }

    int count() {
        return runs.stream().mapToInt(ForecastRun::samples).sum();
    }

    /** Hands every run its part of the forecasts. */
    void accept() {
        int at = 0;
        for (Predictor.Samples part : parts) {
            if (part != samples) System.arraycopy(samples.forecast(), at, part.forecast(), 0, part.forecast().length);
            at += part.forecast().length;
        }
        runs.forEach(ForecastRun::accept);
    }

    private Predictor.Samples join() {
        int past = parts.stream().mapToInt(part -> part.past().length).reduce(0, Math::addExact);
        int known = parts.stream().mapToInt(part -> length(part.knownFuture())).reduce(0, Math::addExact);
        int forecast = parts.stream().mapToInt(part -> part.forecast().length).reduce(0, Math::addExact);
        boolean tokens = parts.get(0).tokens() != null;
        int[][] categories = parts.get(0).categories() == null
                ? null
                : new int[parts.get(0).categories().length][count()];
        Predictor.Samples all = new Predictor.Samples(new float[past], new float[past],
                tokens ? new int[count()] : null, known > 0 ? new float[known] : null, categories, new float[forecast]);
        int sample = 0;
        int pastAt = 0;
        int knownAt = 0;
        for (int i = 0; i < parts.size(); i++) {
            Predictor.Samples part = parts.get(i);
            int count = runs.get(i).samples();
            System.arraycopy(part.past(), 0, all.past(), pastAt, part.past().length);
            System.arraycopy(part.mask(), 0, all.mask(), pastAt, part.mask().length);
            if (tokens) System.arraycopy(part.tokens(), 0, all.tokens(), sample, count);
            if (known > 0)
                System.arraycopy(part.knownFuture(), 0, all.knownFuture(), knownAt, length(part.knownFuture()));
            for (int k = 0; categories != null && k < categories.length; k++) {
                System.arraycopy(part.categories()[k], 0, categories[k], sample, count);
            }
            sample += count;
            pastAt += part.past().length;
            knownAt += length(part.knownFuture());
        }
        return all;
    }

    private static int length(float[] values) {
        return values == null ? 0 : values.length;
    }
}
