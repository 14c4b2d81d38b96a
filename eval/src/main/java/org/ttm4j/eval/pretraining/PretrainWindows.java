package org.ttm4j.eval.pretraining;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusWindows;
import org.ttm4j.data.synthetic.SyntheticSeries;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.train.WindowSource;

/** The real and synthetic windows of a pre-training run, each standardised by its own past. Thread-safe. */
public final class PretrainWindows implements WindowSource {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final PretrainConfig config;
    private final CorpusWindows real;
    private final String identity;
    private final ThreadLocal<float[]> raw;

    /**
     * Windows of all data sets except those for validation and those kept aside.
     *
     * @param corpus null for only synthetic windows
     * @param identity of the corpus
     * @throws IllegalArgumentException when a data set is not in the corpus, or no series is long enough
     */
    public PretrainWindows(PretrainConfig config, Corpus corpus, String identity) {
        this.config = config;
        this.identity = identity;
        Set<String> excluded = new TreeSet<>(config.validation());
        excluded.addAll(config.keptAside());
        for (String name : excluded) {
            if (corpus == null || corpus.datasets().contains(name)) continue;
            throw new IllegalArgumentException((config.keptAside().contains(name) ? "kept_aside" : "validation")
                    + ": the corpus has no data set " + name);
        }
        real = corpus == null ? null : new CorpusWindows(corpus, excluded, config.windows(), config.plan().seed());
        int length = config.windows().context() + config.windows().horizon();
        raw = ThreadLocal.withInitial(() -> new float[length]);
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void fill(Window window, long index) {
        SplittableRandom random = new SplittableRandom(config.plan().seed() * GOLDEN + index);
        float[] values = raw.get();
        boolean isSynthetic = real == null || random.nextDouble() < config.synthetic();
        Resolution resolution = Resolution.of(Duration.ofSeconds(isSynthetic
                ? SyntheticSeries.fill(values, config.plan().seed(), index, config.syntheticKinds())
                : real.fill(values, index)));
        window.normalise(values);
        boolean known = random.nextDouble() >= config.unknownResolution();
        window.token()[0] = known ? resolution.tokenWithin(config.model().frequencyTokenVocabSize()) : 0;
    }
}
