package org.ttm4j.forecast.combine;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Events on one day of every month, such as a salary, a rent or a closing of accounts: a month is no season of a daily
 * series, as its days are not always as many, and a payment that would be due on a weekend is made before or after it. An
 * event counts where the series is far from its usual value, to the same side, in nearly all months, and seldom is on other
 * days: by Chernoff's bound of the binomial distribution chance alone would hardly find one among all days and ways to move
 * them. Immutable.
 *
 * @param days by event and step of history and horizon, 1 where it is and 0 where it is not; NaN where it was not looked for
 * @param names of the events
 */
public record MonthlyEvents(List<double[]> days, List<String> names) {
    /** Events, at most. */
    public static final int MOST = 6;
    private static final int LEAST_MONTHS = 4;
    /** The least share of months in which the value is at least half as far from its usual one as in the median month. */
    private static final double MOST_MONTHS = 0.8;
    private static final double HALF = 0.5;
    /** The share of other days that may be so. */
    private static final double SELDOM = 0.1;
    /** By chance less often than once in a hundred thousand. */
    private static final double LEAST_EVIDENCE = Math.log(1e5);
    /** Steps of the moving mean on either side. */
    private static final int HALF_SPAN = 15;
    /** Of a history, the last of which are searched, and of a forecast. */
    private static final int MOST_STEPS = DriverEffects.MOST_ROWS;

    /** The day to which an event on a weekend moves. */
    private enum Weekend {
        STAYS, BEFORE, AFTER
    }

    /** A day of every month, or its last where that comes before. */
    private record Rule(int day, Weekend weekend) {
        static final List<Rule> ALL = Arrays.stream(Weekend.values())
                .flatMap(weekend -> IntStream.rangeClosed(1, 31).mapToObj(day -> new Rule(day, weekend)))
                .toList();

        LocalDate in(YearMonth month) {
            LocalDate date = month.atDay(Math.min(day, month.lengthOfMonth()));
            while (weekend != Weekend.STAYS && date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0) {
                date = date.plusDays(weekend == Weekend.BEFORE ? -1 : 1);
            }
            return date;
        }

        @Override
        public String toString() {
            String name = day == 31 ? "the last day of each month" : "day " + day + " of each month";
            return weekend == Weekend.STAYS
                    ? name
                    : name + ", or the weekday " + (weekend == Weekend.BEFORE ? "before" : "after");
        }
    }

    /** A rule and its steps. */
    private record Candidate(Rule rule, int[] steps) {}

    /**
     * The events of a daily series, in the last years of its history; none where the horizon is longer than these.
     *
     * @param history NaN = missing
     * @param dateOf of a step, ascending; days may be left out, as weekends are
     */
    public static Optional<MonthlyEvents> of(double[] history, int horizon, IntFunction<LocalDate> dateOf) {
        if (horizon > MOST_STEPS) return Optional.empty();
        int from = Math.max(0, history.length - MOST_STEPS);
        LocalDate[] dates = new LocalDate[history.length + horizon];
        Map<LocalDate, Integer> steps = new HashMap<>();
        for (int t = from; t < dates.length; t++) {
            dates[t] = dateOf.apply(t);
            steps.put(dates[t], t);
        }
        // A day of the month after the last may be before its weekend.
        YearMonth first = YearMonth.from(dates[from]).minusMonths(1);
        List<YearMonth> months = Stream.iterate(first, month -> month.plusMonths(1))
                .limit(ChronoUnit.MONTHS.between(first, YearMonth.from(dates[dates.length - 1])) + 2)
                .toList();
        List<Candidate> rules = Rule.ALL.stream()
                .map(rule -> new Candidate(rule,
                        months.stream().map(rule::in).filter(steps::containsKey).mapToInt(steps::get).toArray()))
                .toList();
        double[] rest = withoutLevel(history, from, dates);
        List<double[]> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        while (names.size() < MOST) {
            Candidate best = null;
            double most = LEAST_EVIDENCE;
            for (Candidate one : rules) {
                double evidence = evidence(rest, one.steps);
                if (evidence <= most) continue;
                most = evidence;
                best = one;
            }
            if (best == null) break;
            double[] days = new double[history.length + horizon];
            Arrays.fill(days, 0, from, Double.NaN);
            for (int step : best.steps) {
                days[step] = 1;
                if (step < rest.length) rest[step] = Double.NaN;
            }
            found.add(days);
            names.add(best.rule.toString());
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new MonthlyEvents(List.copyOf(found), List.copyOf(names)));
    }

    /** The history with missing values at the events. */
    public double[] without(double[] history) {
        return IntStream.range(0, history.length)
                .mapToDouble(t -> days.stream().anyMatch(event -> event[t] == 1) ? Double.NaN : history[t])
                .toArray();
    }

    /** The negative logarithm of a bound of the chance that other days were like these as often; 0 where they are no event. */
    private static double evidence(double[] rest, int[] steps) {
        double[] values = Arrays.stream(steps)
                .filter(t -> t < rest.length && !Double.isNaN(rest[t]))
                .mapToDouble(t -> rest[t])
                .toArray();
        double half = HALF * median(values.clone());
        if (values.length < LEAST_MONTHS || half == 0) return 0;
        double hits = (double) count(values, half) / values.length;
        if (hits < MOST_MONTHS) return 0;
        long others = Arrays.stream(rest).filter(value -> !Double.isNaN(value)).count() - values.length;
        double seldom = (count(rest, half) - count(values, half) + 1.0) / (others + 1);
        if (seldom > SELDOM) return 0;
        double misses = hits < 1 ? (1 - hits) * Math.log((1 - hits) / (1 - seldom)) : 0;
        return values.length * (hits * Math.log(hits / seldom) + misses);
    }

    /** The number of values beyond a bound, on the same side of 0. */
    private static long count(double[] values, double bound) {
        return Arrays.stream(values).filter(value -> value / bound >= 1).count();
    }

    /** A history less its moving mean and the median of each weekday of what is left; missing before a step. */
    private static double[] withoutLevel(double[] history, int from, LocalDate[] dates) {
        double[] sums = new double[history.length + 1];
        int[] counts = new int[history.length + 1];
        for (int t = 0; t < history.length; t++) {
            boolean isKnown = t >= from && !Double.isNaN(history[t]);
            sums[t + 1] = sums[t] + (isKnown ? history[t] : 0);
            counts[t + 1] = counts[t] + (isKnown ? 1 : 0);
        }
        double[] rest = new double[history.length];
        Arrays.fill(rest, 0, from, Double.NaN);
        for (int t = from; t < rest.length; t++) {
            int begin = Math.max(from, t - HALF_SPAN);
            int end = Math.min(rest.length, t + HALF_SPAN + 1);
            rest[t] = history[t] - (sums[end] - sums[begin]) / (counts[end] - counts[begin]);
        }
        for (DayOfWeek day : DayOfWeek.values()) {
            int[] steps = IntStream.range(from, rest.length).filter(t -> dates[t].getDayOfWeek() == day).toArray();
            double usual = median(Arrays.stream(steps).mapToDouble(t -> rest[t]).toArray());
            for (int t : steps) rest[t] -= usual;
        }
        return rest;
    }

    /** Of those that are not missing; NaN of none. Sorts the values. */
    private static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        while (n > 0 && Double.isNaN(values[n - 1])) n--;
        return n == 0 ? Double.NaN : (values[n / 2] + values[(n - 1) / 2]) / 2;
    }
}
