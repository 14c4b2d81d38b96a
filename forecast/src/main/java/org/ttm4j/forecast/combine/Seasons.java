package org.ttm4j.forecast.combine;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.forecast.rolling.Season;

/** The seasons that a series may have: those of the calendar for its frequency, or what its autocorrelation shows. */
public final class Seasons {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    /** As a frequency, a business day is a fifth of a week. */
    private static final Duration BUSINESS_DAY = WEEK.dividedBy(5);
    /** 261 days / 12, holidays being missing steps. */
    private static final int BUSINESS_DAYS_OF_A_MONTH = 22;
    /** Seasons to look for where the frequency is unknown: those of the usual calendars. */
    private static final int[] CANDIDATES = {4, 7, 12, 24, 48, 52, 96, 144, 168, 288};
    private static final double STRONG = 0.3;
    private static final int CYCLES = 3;

    private Seasons() {}

    /**
     * The seasons of the calendar that a history of this frequency holds at least once and a half, shortest first: a day
     * and a week below a day, a week from a day on, a year from a week on; of business days a week, a month and a year.
     * Where the frequency is unknown, the season of the strongest autocorrelation.
     *
     * @param frequency null when unknown
     */
    public static List<Season> of(double[] history, TemporalAmount frequency) {
        List<Season> seasons = new ArrayList<>();
        if (frequency == null) {
            int steps = strongest(history);
            if (steps > 1) seasons.add(new Season(steps, "season"));
        } else if (frequency instanceof Period period && period.toTotalMonths() > 0) {
            seasons.add(new Season(Season.stepsOfYear(period), "year"));
        } else {
            Duration step = length(frequency);
            if (step.compareTo(WEEK) >= 0) seasons.add(new Season(Season.steps(Duration.ofDays(364), step), "year"));
            if (step.compareTo(DAY) < 0) seasons.add(new Season(Season.steps(DAY, step), "day"));
            if (step.compareTo(WEEK) < 0) seasons.add(new Season(Season.steps(WEEK, step), "week"));
            if (step.equals(BUSINESS_DAY)) {
                seasons.add(new Season(BUSINESS_DAYS_OF_A_MONTH, "month"));
                seasons.add(new Season(Season.steps(Duration.ofDays(364), step), "year"));
            }
        }
        seasons.removeIf(season -> season.steps() < 2 || !holds(history.length, season.steps()));
        return seasons;
    }

    /** Whether a history is long enough for a season: one and a half times of it. */
    public static boolean holds(int history, int season) {
        return history >= (long) season + season / 2;
    }

    private static Duration length(TemporalAmount frequency) {
        return frequency instanceof Period period ? Duration.ofDays(period.getDays()) : Duration.from(frequency);
    }

    private static int strongest(double[] history) {
        int strongest = 1;
        double most = STRONG;
        for (int lag : CANDIDATES) {
            if (history.length < CYCLES * lag) break;
            double correlation = autocorrelation(history, lag);
            if (correlation <= most) continue;
            most = correlation;
            strongest = lag;
        }
        return strongest;
    }

    /** The autocorrelation of first differences, which a trend does not raise. */
    private static double autocorrelation(double[] history, int lag) {
        double product = 0;
        double square = 0;
        for (int t = lag + 1; t < history.length; t++) {
            double now = history[t] - history[t - 1];
            double before = history[t - lag] - history[t - lag - 1];
            if (Double.isNaN(now) || Double.isNaN(before)) continue;
            product += now * before;
            square += (now * now + before * before) / 2;
        }
        return square == 0 ? 0 : product / square;
    }
}
