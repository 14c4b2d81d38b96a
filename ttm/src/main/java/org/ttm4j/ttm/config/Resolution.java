package org.ttm4j.ttm.config;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;

/**
 * The sampling resolutions with a prefix token, in the order of the tokens; published checkpoints use the first eight or
 * ten. Immutable.
 */
public enum Resolution {
    UNKNOWN(Duration.ZERO), MINUTE(Duration.ofMinutes(1)), TWO_MINUTES(Duration.ofMinutes(2)), FIVE_MINUTES(
            Duration.ofMinutes(5)), TEN_MINUTES(Duration.ofMinutes(10)), FIFTEEN_MINUTES(
                    Duration.ofMinutes(15)), THIRTY_MINUTES(Duration.ofMinutes(30)), HOUR(
                            Duration.ofHours(1)), DAY(Duration.ofDays(1)), WEEK(Duration.ofDays(7));

    private static final Duration BUSINESS_DAY = Duration.ofDays(7).dividedBy(5);

    private final Duration frequency;

    Resolution(Duration frequency) {
        this.frequency = frequency;
    }

    /** The index in the vocabulary of a resolution prefix, which the reference library calls a frequency token. */
    public int token() {
        return ordinal();
    }

    /** The time between two steps; zero for {@link #UNKNOWN}. */
    public Duration frequency() {
        return frequency;
    }

    /** The resolution of a frequency (a fifth of a week is a business day); {@link #UNKNOWN} for null and others. */
    public static Resolution of(TemporalAmount frequency) {
        if (frequency instanceof Period period && period.toTotalMonths() == 0) {
            return of(Duration.ofDays(period.getDays()));
        }
        if (BUSINESS_DAY.equals(frequency)) return DAY;
        for (Resolution resolution : values()) {
            if (resolution != UNKNOWN && resolution.frequency.equals(frequency)) return resolution;
        }
        return UNKNOWN;
    }

    /** The token for a model with a vocabulary of this size: 0, unknown, if the vocabulary is too small. */
    public int tokenWithin(int vocabulary) {
        return token() < vocabulary ? token() : UNKNOWN.token();
    }
}
