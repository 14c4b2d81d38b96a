package org.ttm4j.forecast.combine;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.forecast.rolling.Season;

/** The seasons that a series may have: those of the calendar for its frequency, or what its autocorrelation shows. */
public final class Seasons {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    /** The frequency that stands for business days: a fifth of a week. */
    private static final Duration BUSINESS_DAY = WEEK.dividedBy(5);
    /** 261 days / 12, holidays being missing steps. */
    private static final int BUSINESS_DAYS_OF_A_MONTH = 22;
    /** Seasons to look for where the frequency is unknown: those of the usual calendars. */
    private static final int[] CANDIDATES = {4, 7, 12, 24, 48, 52, 96, 144, 168, 288};
    /** Days of a week with steps, where these are not all. */
    private static final int[] OPEN_DAYS = {5, 6, 4};
    private static final double STRONG = 0.3;
    /** The same for intermittent demand, whose few values often correlate by chance. */
    private static final double STRONG_OF_DEMAND = 0.7;
    private static final int CYCLES = 3;
    /** Lags that are looked at, and deviations of the autocorrelation of noise that it must exceed. */
    private static final int MOST_LAGS = 400;
    private static final double CERTAIN = 4;
    /** Of the strongest autocorrelation, what a shorter lag must have. */
    private static final double AS_STRONG = 0.9;
    /** Of its autocorrelation, what a cycle has in half a history or after two. */
    private static final double LASTING = 0.5;
    /** A multiple of the calendar's season is a cycle where shorter ones have less than this share of its autocorrelation. */
    private static final double SHORTER = 0.65;
    /** Of the least distance of two values, a little more than the deviation of rounding, 1/√12; and of the rise of a line. */
    private static final double ROUNDING = 0.3;
    private static final double ROUNDING_OF_RISE = 0.03;

    private Seasons() {}

    /**
     * The seasons of the calendar that a history of this frequency holds at least once and a half, shortest first: a day
     * and a week below a day, a week from a day on, a year from a week on; of business days a week, a month and a year; where
     * the frequency is unknown, the strongest of those that are usual. Where these are fewer than two, also the season of the
     * strongest autocorrelation beyond them.
     *
     * @param frequency null when unknown
     * @param ofDay steps of a day that has any, where the history has steps in some hours only; 0 when unknown
     */
    public static List<Season> of(double[] history, TemporalAmount frequency, int ofDay) {
        List<Season> seasons = ofCalendar(history, frequency, ofDay);
        if (seasons.size() < 2) {
            int steps = beyond(history, seasons.isEmpty() ? 1 : seasons.get(0).steps());
            if (steps > 1) seasons.add(new Season(steps, steps + "-step cycle", true));
        }
        return seasons;
    }

    /** The same without a season beyond those of the calendar. */
    public static List<Season> ofCalendar(double[] history, TemporalAmount frequency, int ofDay) {
        List<Season> seasons = new ArrayList<>();
        if (frequency == null) {
            int steps = strongest(history);
            if (steps > 1) seasons.add(new Season(steps, "season"));
        } else if (frequency instanceof Period period && period.toTotalMonths() > 0) {
            seasons.add(new Season(Season.stepsOfYear(period), "year"));
        } else {
            Duration step = Season.length(frequency);
            if (step.compareTo(WEEK) >= 0) seasons.add(new Season(Season.steps(Duration.ofDays(364), step), "year"));
            int day = ofDay > 0 || step.compareTo(DAY) >= 0 ? ofDay : stepsOfDay(history, step);
            if (day != Season.steps(WEEK, step)) seasons.add(new Season(day, "day"));
            if (step.compareTo(WEEK) < 0) seasons.add(new Season(Season.steps(WEEK, step), "week"));
            if (step.equals(BUSINESS_DAY)) {
                seasons.add(new Season(BUSINESS_DAYS_OF_A_MONTH, "month"));
                seasons.add(new Season(Season.steps(Duration.ofDays(364), step), "year"));
            }
        }
        seasons.removeIf(season -> season.steps() < 2 || !holds(history.length, season.steps()));
        return seasons;
    }

    /** Where some days of the week have no steps, as where a shop is closed on Sundays, the others are no whole day of the rest. */
    private static int stepsOfDay(double[] history, Duration step) {
        int day = Season.steps(DAY, step);
        int week = Season.steps(WEEK, step);
        if (day > 1 || week == 1) return day;
        double[] differences = differences(history);
        return IntStream.of(OPEN_DAYS)
                .filter(days -> week % days == 0)
                .map(days -> week / days)
                .filter(steps -> steps > 1 && history.length >= CYCLES * steps)
                .boxed()
                .max(Comparator.comparingDouble(steps -> autocorrelation(differences, steps)))
                .orElse(1);
    }

    /**
     * The lag of the strongest autocorrelation beyond the season of the calendar, which is taken out of the history first;
     * of a lag and its multiples, the lag. 1 where none is strong and lasting, or the rest is but what rounding leaves of a line.
     */
    private static int beyond(double[] history, int calendar) {
        int longest = Math.min(MOST_LAGS, history.length / CYCLES);
        if (longest <= calendar + 1) return 1;
        TrendAndSeason parts = TrendAndSeason.of(history, calendar);
        if (isRoundedLine(parts)) return 1;
        double[] rest = differences(parts.deseasonalised());
        double[] correlations = new double[longest + 1];
        for (int lag = calendar + 1; lag <= longest; lag++) correlations[lag] = autocorrelation(rest, lag);
        double most = Arrays.stream(correlations).max().orElse(0);
        double least = IntermittentDemand.is(history) ? STRONG_OF_DEMAND : STRONG;
        // Lags next to the removed season are skipped, because noise has a peak there.
        for (int lag = Math.max(3, calendar + 2); lag <= longest; lag++) {
            boolean isPeak = correlations[lag] > correlations[lag - 1]
                    && (lag == longest || correlations[lag] >= correlations[lag + 1]);
            double strong = Math.max(least, CERTAIN / Math.sqrt(history.length - lag));
            if (isPeak && correlations[lag] > strong && correlations[lag] >= AS_STRONG * most
                    && isLasting(rest, lag, correlations[lag], strong)
                    && !isCalendar(rest, lag, calendar, correlations[lag])) {
                return lag;
            }
        }
        return 1;
    }

    /**
     * Whether a cycle that is not very strong comes again after two of them, and it is in both halves: chance or a few large
     * values seldom do as much.
     */
    private static boolean isLasting(double[] rest, int lag, double correlation, double strong) {
        int middle = (lag + rest.length) / 2;
        double least = LASTING * correlation;
        return correlation + autocorrelation(rest, 2 * lag) >= (1 + LASTING) * strong
                && autocorrelation(rest, lag, lag, middle) >= least
                && autocorrelation(rest, lag, middle, rest.length) >= least;
    }

    /** Whether a lag is one of many multiples of the calendar's season, as those are which a growing one leaves of itself. */
    private static boolean isCalendar(double[] rest, int lag, int calendar, double correlation) {
        if (calendar == 1 || lag % calendar > 0) return false;
        return IntStream.iterate(calendar, other -> other < lag, other -> other + calendar)
                .mapToDouble(other -> autocorrelation(rest, other))
                .average()
                .orElse(0) >= SHORTER * correlation;
    }

    /** Whether a line is left but for less than the distance of any two values: rounding is as regular as a cycle. */
    private static boolean isRoundedLine(TrendAndSeason parts) {
        double[] values = Arrays.stream(parts.history())
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .distinct()
                .toArray();
        double least = IntStream.range(1, values.length).mapToDouble(i -> values[i] - values[i - 1]).min().orElse(0);
        double[] rest = parts.deseasonalised();
        double deviation = Math.sqrt(Weights.mean(IntStream.range(0, rest.length)
                .mapToDouble(t -> rest[t] - parts.line().at(t))
                .map(around -> around * around)
                .toArray()));
        return deviation < ROUNDING * least
                && deviation < ROUNDING_OF_RISE * Math.abs(parts.line().slope()) * rest.length;
    }

    /** Whether a history is long enough for a season: one and a half times of it. */
    public static boolean holds(int history, int season) {
        return history >= (long) season + season / 2;
    }

    private static int strongest(double[] history) {
        if (history.length < CYCLES * CANDIDATES[0]) return 1;
        double[] differences = differences(history);
        int strongest = 1;
        double most = STRONG;
        for (int lag : CANDIDATES) {
            if (history.length < CYCLES * lag) break;
            double correlation = autocorrelation(differences, lag);
            double beside = Math.max(autocorrelation(differences, lag - 1), autocorrelation(differences, lag + 1));
            // Beside the peak of another cycle, autocorrelation is strong too.
            if (correlation <= most || correlation < AS_STRONG * beside) continue;
            most = correlation;
            strongest = lag;
        }
        return strongest;
    }

    /** First differences less their mean, the trend, by which all of them would be alike. */
    private static double[] differences(double[] history) {
        double[] differences = new double[history.length - 1];
        for (int t = 0; t < differences.length; t++) differences[t] = history[t + 1] - history[t];
        double mean = Weights.mean(differences);
        for (int t = 0; t < differences.length; t++) differences[t] -= mean;
        return differences;
    }

    /** The autocorrelation of differences. */
    static double autocorrelation(double[] differences, int lag) {
        return autocorrelation(differences, lag, lag, differences.length);
    }

    /** That of some of them with those before. */
    private static double autocorrelation(double[] differences, int lag, int from, int to) {
        double product = 0;
        double square = 0;
        for (int t = from; t < to; t++) {
            double now = differences[t];
            double before = differences[t - lag];
            double both = now * before;
            if (Double.isNaN(both)) continue;
            product += both;
            square += (now * now + before * before) / 2;
        }
        return square == 0 ? 0 : product / square;
    }
}
