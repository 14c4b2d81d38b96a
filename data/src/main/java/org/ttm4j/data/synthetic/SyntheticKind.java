package org.ttm4j.data.synthetic;

import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** The kinds of synthetic series, which {@link SyntheticSeries} draws by their shares. */
public enum SyntheticKind {
    /** Seasons, drift, trend, noise and events that add up. */
    COMPOSED(null),
    /** Gaussian processes of composed kernels. */
    GAUSSIAN_PROCESS(GaussianProcess::add),
    /** Growth, breaks and regimes that multiply seasons. */
    STRUCTURAL(StructuralSeries::fill),
    /** Demand that is zero most of the time. */
    INTERMITTENT(CountSeries::fillIntermittent),
    /** Sums that start again at times. */
    COUNTER(CountSeries::fillCounter),
    /** Activity by working days, holidays, ends of months and opening hours. */
    BUSINESS(BusinessSeries::fill);

    /** Only composed series, as the first bundled models were trained on. */
    public static final Map<SyntheticKind, Double> DEFAULT_SHARES = Map.of(COMPOSED, 1.0);

    /** Fills a series of zeros; null for composed ones. */
    final Generator generator;

    interface Generator {
        void fill(float[] series, Clock clock, SplittableRandom random);
    }

    SyntheticKind(Generator generator) {
        this.generator = generator;
    }

    /** The name in a configuration, in lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
