package org.ttm4j.eval.pretraining;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusWindows;
import org.ttm4j.data.synthetic.SyntheticSeries;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.train.WindowSource;
import org.ttm4j.ttm.train.Windows;

/** The windows of a pre-training run: of a corpus and synthetic ones, by number, each on the scale of its own past. */
public final class PretrainWindows implements WindowSource {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final PretrainConfig config;
    private final CorpusWindows real;
    private final ThreadLocal<float[]> raw;

    /** {@code corpus} may be null: then all windows are synthetic. */
    public PretrainWindows(PretrainConfig config, Corpus corpus) {
        this.config = config;
        real = corpus == null
                ? null
                : new CorpusWindows(corpus, Set.copyOf(config.validation()), config.windows(), config.seed());
        int length = config.windows().context() + config.windows().horizon();
        raw = ThreadLocal.withInitial(() -> new float[length]);
    }

    @Override
    public void fill(Window window, long index) {
        SplittableRandom random = new SplittableRandom(config.seed() * GOLDEN + index);
        float[] values = raw.get();
        Resolution resolution = Resolution.UNKNOWN;
        if (real == null || random.nextDouble() < config.synthetic()) {
            SyntheticSeries.fill(values, config.seed(), index);
        } else {
            resolution = Resolution.of(Duration.ofSeconds(real.fill(values, index)));
        }
        Windows.normalise(values, window);
        boolean told = random.nextDouble() >= config.unknownResolution();
        window.token()[0] = told ? resolution.tokenWithin(config.model().frequencyTokenVocabSize()) : 0;
    }
}
