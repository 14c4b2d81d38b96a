package org.ttm4j.forecast;

import java.time.Duration;

/** How far people look ahead at a frequency: the horizon of a combination of bundled models that is asked for none. */
final class UsualHorizon {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    /** Quarters of 13 weeks, months of 52/12: a step of the calendar and one of as many days count alike. */
    private static final Duration QUARTER = Duration.ofDays(91);
    private static final Duration SHORTEST_MONTH = Duration.ofDays(28);
    private static final Duration SHORTEST_YEAR = Duration.ofDays(360);
    private static final int YEARS = 5;
    private static final int QUARTERS = 8;
    private static final int BUSINESS_DAYS = 20;
    private static final int DAYS = 28;
    /** A day of minutes. Shorter steps have no more of them, since the work grows with the square of the steps. */
    private static final int MOST = 1440;

    private UsualHorizon() {}

    /**
     * Steps to forecast: 5 years, 24 months, 8 quarters, 13 weeks, 28 days, 20 business days, a week of hours or a day of
     * shorter steps, and as much time of steps between these; at most half of the history, and at least 1.
     *
     * @param frequency between two steps
     * @param history steps
     */
    static int of(Duration frequency, int history) {
        return Math.clamp(history / 2, 1, of(frequency));
    }

    private static int of(Duration frequency) {
        if (frequency.compareTo(SHORTEST_YEAR) >= 0) return YEARS;
        if (frequency.equals(ForecastRequest.BUSINESS_DAY)) return BUSINESS_DAYS;
        Duration ahead;
        if (frequency.compareTo(SHORTEST_MONTH) >= 0) ahead = QUARTER.multipliedBy(QUARTERS);
        else if (frequency.compareTo(WEEK) >= 0) ahead = QUARTER;
        else if (frequency.compareTo(DAY) >= 0) ahead = DAY.multipliedBy(DAYS);
        else ahead = frequency.compareTo(HOUR) >= 0 ? WEEK : DAY;
        // Months of the calendar are a little longer than those of weeks.
        return Math.clamp(Math.round((double) ahead.toMillis() / Math.max(1, frequency.toMillis())), 1, MOST);
    }
}
