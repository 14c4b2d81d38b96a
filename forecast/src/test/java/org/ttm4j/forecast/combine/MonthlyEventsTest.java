package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MonthlyEventsTest {
    private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);
    private static final int HORIZON = 60;

    /** Purchases, a rent on the first and a salary on the 25th, or on the Friday before where that is on a weekend. */
    private static double[] account(int days) {
        Random random = new Random(1);
        return IntStream.range(0, days)
                .mapToDouble(t -> -30 * Math.exp(random.nextGaussian()) + paid(FIRST.plusDays(t)))
                .toArray();
    }

    private static double paid(LocalDate date) {
        LocalDate due = date.withDayOfMonth(25);
        while (due.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) due = due.minusDays(1);
        return date.equals(due) ? 3000 : date.getDayOfMonth() == 1 ? -950 : 0;
    }

    private static Optional<MonthlyEvents> events(double[] history) {
        return MonthlyEvents.of(history, HORIZON, FIRST::plusDays);
    }

    @Test
    void aSalaryAndARentAreOnTheirDaysOfTheFutureToo() {
        double[] history = account(700);
        MonthlyEvents events = events(history).orElseThrow();
        assertEquals(List.of("day 1 of each month", "day 25 of each month, or the weekday before"),
                events.names().stream().sorted().toList());
        double[] salary = events.days().get(events.names().indexOf("day 25 of each month, or the weekday before"));
        double[] days = IntStream.range(0, 700 + HORIZON)
                .mapToDouble(t -> paid(FIRST.plusDays(t)) > 0 ? 1 : 0)
                .toArray();
        assertArrayEquals(days, salary);
        double[] without = events.without(history);
        for (int t = 0; t < 700; t++) assertEquals(paid(FIRST.plusDays(t)) != 0, Double.isNaN(without[t]), "day " + t);
    }

    @Test
    void fourMonthsAreEnoughAndThreeAreNot() {
        assertTrue(events(account(31 + 28 + 31)).isEmpty());
        assertEquals(2, events(account(31 + 28 + 31 + 30)).orElseThrow().names().size());
    }

    /** Days are counted without weekends. */
    @Test
    void theLastBusinessDayIsFound() {
        LocalDate[] dates = FIRST.datesUntil(FIRST.plusDays(900))
                .filter(date -> date.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0)
                .toArray(LocalDate[]::new);
        double[] history = new double[dates.length - HORIZON];
        Random random = new Random(2);
        for (int t = 0; t < history.length; t++) {
            boolean isLast = dates[t + 1].getMonth() != dates[t].getMonth();
            history[t] = random.nextGaussian() + (isLast ? 10 : 0);
        }
        MonthlyEvents events = MonthlyEvents.of(history, HORIZON, t -> dates[t]).orElseThrow();
        assertEquals(List.of("the last day of each month, or the weekday before"), events.names());
        for (int t = 0; t < dates.length - 1; t++) {
            assertEquals(dates[t + 1].getMonth() != dates[t].getMonth(), events.days().get(0)[t] == 1,
                    dates[t].toString());
        }
    }

    @Test
    void noiseWeeksAndSparseDemandHaveNone() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            double[] noise = IntStream.range(0, 730)
                    .mapToDouble(t -> random.nextGaussian() + 5 * (t % 7 / 5))
                    .toArray();
            double[] sparse = Arrays.stream(noise).map(value -> value > 1 ? Math.rint(3 * value) : 0).toArray();
            double[] heavy = Arrays.stream(noise).map(value -> value * value * value).toArray();
            assertTrue(events(noise).isEmpty() && events(sparse).isEmpty() && events(heavy).isEmpty(), "seed " + seed);
            Arrays.fill(sparse, 0, 700, Double.NaN);
            assertTrue(events(sparse).isEmpty(), "seed " + seed);
        }
    }

    /** Its first of June 2025 is a Sunday, and paid on the 30th of May, after which nothing is forecast. */
    @Test
    void anEventOfTheNextMonthMayBeInThisOne() {
        LocalDate end = LocalDate.of(2025, 5, 31);
        int steps = (int) FIRST.until(end, ChronoUnit.DAYS) + 1;
        double[] history = new double[steps - 5];
        Set<LocalDate> paid = new HashSet<>();
        for (LocalDate day = FIRST; day.isBefore(end.plusDays(2)); day = day.plusMonths(1)) {
            LocalDate due = day;
            while (due.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) due = due.minusDays(1);
            paid.add(due);
        }
        for (int t = 0; t < history.length; t++) if (paid.contains(FIRST.plusDays(t))) history[t] = 100;
        MonthlyEvents events = MonthlyEvents.of(history, 5, FIRST::plusDays).orElseThrow();
        assertEquals(List.of("day 1 of each month, or the weekday before"), events.names());
        assertEquals(1, events.days().get(0)[steps - 2]);
        assertEquals(0, events.days().get(0)[steps - 1]);
    }

    /** Beyond what effects are taken from, it is not known; nor what is forecast for decades. */
    @Test
    void ofALongHistoryTheEndIsSearched() {
        double[] history = account(4500);
        double[] days = events(history).orElseThrow().days().get(0);
        assertTrue(Arrays.stream(days, 0, 4500 - 4096).allMatch(Double::isNaN));
        assertTrue(Arrays.stream(days, 4500 - 4096, days.length).noneMatch(Double::isNaN));
        assertTrue(MonthlyEvents.of(history, 5000, FIRST::plusDays).isEmpty());
    }
}
