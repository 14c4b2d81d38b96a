package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;

/**
 * A member on the logarithms of a positive history: for series that grow by a factor, and whose season grows with them. The
 * exponential takes the forecast back, which keeps medians and quantiles. The combination gives it the logarithms; those of
 * a long history are not for the model, which costs most and gains least from them there.
 */
record OnLogarithms(Member member) implements Member {
    /** The least factor between values; for smaller ones, logarithms are nearly linear. */
    private static final double FACTOR = 1.2;
    /** Growth is measured from this quantile of the values and not from the least, which may be near 0 by chance. */
    private static final double SMALLER = 0.05;
    /** How many times as fast as in the history the series may grow in the forecast. */
    private static final double FASTER = 4;
    private static final double DOUBLED = Math.log(2);

    @Override
    public String name() {
        return member.name() + " of logarithms";
    }

    /**
     * The logarithms of a history, taken apart; empty unless all its values are positive, some differ by a factor, and it is
     * long enough for its season, a part of which looks like growth.
     */
    static Optional<TrendAndSeason> of(double[] history, int season) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (double value : history) {
            if (value < least) least = value;
            if (value > most) most = value;
        }
        if (!(least > 0 && most > FACTOR * least)) return Optional.empty();
        return Optional.of(TrendAndSeason.of(Arrays.stream(history).map(Math::log).toArray(), season))
                .filter(parts -> parts.knows(season));
    }

    @Override
    public Optional<Attempt> attempt(double[] logarithms, TrendAndSeason parts, int horizon) {
        return member.attempt(logarithms, parts, horizon)
                .filter(attempt -> attempt.modelInput() == null || logarithms.length <= RECENT)
                .map(attempt -> new Attempt(attempt.modelInput(),
                        model -> back(attempt.finish().apply(model), logarithms)));
    }

    /**
     * Beyond its largest value the series at most doubles or, if that is more, grows four times as fast as it came there from
     * its low values. It never grows by a larger factor than that between its low values and its largest.
     */
    private static double[] back(double[] forecast, double[] logarithms) {
        double most = Double.NEGATIVE_INFINITY;
        for (double logarithm : logarithms) if (logarithm > most) most = logarithm;
        double largest = most;
        boolean isBeyond = Arrays.stream(forecast).anyMatch(value -> value > largest);
        double range = isBeyond ? most - low(logarithms) : 0;
        double fast = FASTER * range * forecast.length / logarithms.length;
        double limit = most + Math.min(range, Math.max(DOUBLED, fast));
        return Arrays.stream(forecast).map(value -> Math.exp(Math.min(limit, value))).toArray();
    }

    private static double low(double[] logarithms) {
        double[] sorted = Arrays.stream(logarithms).filter(value -> !Double.isNaN(value)).sorted().toArray();
        return sorted[(int) (SMALLER * sorted.length)];
    }
}
