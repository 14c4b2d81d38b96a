package org.ttm4j.forecast;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAdjuster;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.run.RunRules;

/**
 * The sum of a forecast over some of its steps, from its {@linkplain Forecast#samples() sample paths}: the quantiles of a sum
 * are not the sums of the quantiles. Immutable by convention: the arrays are the receiver's to keep.
 *
 * <pre>{@code
 * Forecast forecast = forecaster.forecast(request.withSamples(1000));
 * for (Total month : Total.of(forecast, Total.Period.MONTH)) month.quantile(0, 0.9);
 * }</pre>
 *
 * @param from the first step, from 0
 * @param to the step after the last
 * @param mean of each forecast channel
 * @param samples of the sum, forecast channels × samples, ascending
 */
public record Total(int from, int to, double[] mean, double[][] samples) {
    /** The periods to sum over. */
    public enum Period {
        /** Weeks from Monday to Sunday. */
        WEEK(7, TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
        /** Calendar months. */
        MONTH(28, TemporalAdjusters.firstDayOfMonth()),
        /** All steps. */
        HORIZON(0, null);

        private final int leastDays;
        private final TemporalAdjuster begin;

        Period(int leastDays, TemporalAdjuster begin) {
            this.leastDays = leastDays;
            this.begin = begin;
        }

        private String text() {
            return "totals by " + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The sums of a forecast over the weeks or months that its times lie in, or over all its steps.
     *
     * @throws IllegalArgumentException when it has no samples, or no times with a date and these are needed, or steps as long
     *     as the period
     */
    public static List<Total> of(Forecast forecast, Period period) {
        RunRules.requireGiven("forecast", forecast);
        RunRules.requireGiven("period", period);
        if (period == Period.HORIZON) return of(forecast, period, List.of());
        return of(forecast, period, forecast.times()
                .orElseThrow(() -> new IllegalArgumentException(
                        period.text() + " need times: expected a start and a frequency, or the total of the horizon"))
                .stream()
                .map(time -> date(time, period))
                .toList());
    }

    /**
     * The same with given dates of the steps.
     *
     * @param dates of all steps, on the clock whose weeks and months are meant; of no use for all steps
     */
    public static List<Total> of(Forecast forecast, Period period, List<LocalDate> dates) {
        RunRules.requireGiven("forecast", forecast);
        RunRules.requireGiven("period", period);
        double[][][] paths = forecast.samples()
                .orElseThrow(() -> new IllegalArgumentException(
                        "totals need sample paths, which a combination makes where they are asked for"));
        double[][] means = forecast.mean().orElseThrow();
        int steps = forecast.horizon();
        if (period == Period.HORIZON) return List.of(of(0, steps, means, paths));
        RunRules.requireGiven("dates", dates);
        if (dates.size() < steps) {
            throw new IllegalArgumentException(
                    dates.size() + " dates: expected one for each of the " + steps + " steps");
        }
        Duration step = forecast.stepLength();
        long days = steps > 1 ? ChronoUnit.DAYS.between(dates.get(0), dates.get(1)) : step == null ? 0 : step.toDays();
        if (days >= period.leastDays) {
            throw new IllegalArgumentException(period.text() + ": the steps are as long or longer");
        }
        List<Total> totals = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= steps; to++) {
            if (to < steps && dates.get(to).with(period.begin).equals(dates.get(from).with(period.begin))) continue;
            totals.add(of(from, to, means, paths));
            from = to;
        }
        return totals;
    }

    private static LocalDate date(Temporal time, Period period) {
        if (time instanceof Instant instant) return LocalDate.ofInstant(instant, ZoneOffset.UTC);
        if (time instanceof Year year) return year.atDay(1);
        LocalDate date = time.query(TemporalQueries.localDate());
        if (date != null) return date;
        if (time.isSupported(ChronoField.YEAR)) return YearMonth.from(time).atDay(1);
        throw new IllegalArgumentException(
                period.text() + " need dates: " + time + ", of type " + time.getClass().getSimpleName() + ", has none");
    }

    private static Total of(int from, int to, double[][] means, double[][][] paths) {
        return new Total(from, to, Arrays.stream(means).mapToDouble(mean -> sum(mean, from, to)).toArray(), Arrays
                .stream(paths)
                .map(channel -> Arrays.stream(channel).mapToDouble(path -> sum(path, from, to)).sorted().toArray())
                .toArray(double[][]::new));
    }

    private static double sum(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum();
    }

    /**
     * A quantile of the sum of a forecast channel, between its two nearest samples.
     *
     * @throws IllegalArgumentException when the level is not from 0 to 1
     */
    public double quantile(int row, double level) {
        if (!(level >= 0 && level <= 1)) {
            throw new IllegalArgumentException("level " + level + ": expected from 0 to 1");
        }
        return Quantiles.ofSorted(samples[row], level);
    }
}
