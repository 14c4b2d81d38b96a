package org.ttm4j.forecast;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.forecast.interval.Quantiles;

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
    private static final int DAYS_OF_WEEK = 7;
    private static final int DAYS_OF_MONTH = 28;

    /** The periods to sum over. */
    public enum Period {
        /** Weeks from Monday to Sunday. */
        WEEK,
        /** Calendar months. */
        MONTH,
        /** All steps. */
        HORIZON
    }

    /**
     * The sums of a forecast over the weeks or months that its times lie in, or over all its steps.
     *
     * @throws IllegalArgumentException when it has no samples, or no times and these are needed, or steps as long as the period
     */
    public static List<Total> of(Forecast forecast, Period period) {
        List<LocalDate> dates = period == Period.HORIZON
                ? List.of()
                : forecast.times()
                        .orElseThrow(() -> new IllegalArgumentException("totals by " + name(period)
                                + " need times: expected a start and a frequency, or the total of the horizon"))
                        .stream()
                        .map(Total::date)
                        .toList();
        return of(forecast, period, dates);
    }

    /**
     * The same with given dates of the steps.
     *
     * @param dates of all steps, on the clock whose weeks and months are meant; of no use for all steps
     */
    public static List<Total> of(Forecast forecast, Period period, List<LocalDate> dates) {
        double[][][] paths = forecast.samples()
                .orElseThrow(() -> new IllegalArgumentException(
                        "totals need sample paths, which a combination makes where they are asked for"));
        double[][] means = forecast.mean().orElseThrow();
        List<Total> totals = new ArrayList<>();
        int steps = forecast.horizon();
        int from = 0;
        for (int to = 1; to <= steps; to++) {
            boolean isInside = to < steps && (period == Period.HORIZON
                    || begin(dates.get(to), period).equals(begin(dates.get(from), period)));
            if (isInside) continue;
            totals.add(of(from, to, means, paths));
            from = to;
        }
        if (period == Period.HORIZON) return totals;
        long length = period == Period.WEEK ? DAYS_OF_WEEK : DAYS_OF_MONTH;
        Duration step = forecast.stepLength();
        long days = steps > 1 ? ChronoUnit.DAYS.between(dates.get(0), dates.get(1)) : step == null ? 0 : step.toDays();
        if (days < length) return totals;
        throw new IllegalArgumentException("totals by " + name(period) + ": the steps are as long or longer");
    }

    private static String name(Period period) {
        return period == Period.WEEK ? "week" : "month";
    }

    private static LocalDate date(Temporal time) {
        if (time instanceof Instant instant) return LocalDate.ofInstant(instant, ZoneOffset.UTC);
        if (time instanceof Year year) return year.atDay(1);
        LocalDate date = time.query(TemporalQueries.localDate());
        return date == null ? YearMonth.from(time).atDay(1) : date;
    }

    private static LocalDate begin(LocalDate date, Period period) {
        return period == Period.WEEK
                ? date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                : date.withDayOfMonth(1);
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

    /** A quantile of the sum of a forecast channel, between its two nearest samples. */
    public double quantile(int row, double level) {
        return Quantiles.ofSorted(samples[row], level);
    }
}
