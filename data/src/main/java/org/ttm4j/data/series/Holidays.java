package org.ttm4j.data.series;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The public holidays of a country or region as values of a series, whose future is known. Thread-safe.
 *
 * <pre>{@code
 * double[] values = Holidays.of("DE-BY").on(axis, 0, 365); // 1 on a holiday
 * }</pre>
 *
 * Source of the calendars: Jollyday.
 */
public final class Holidays {
    private static final String NAME = "holidays ";
    private static final int MOST_KINDS = 1_000_000;
    private static final int MOST_YEARS = 1_000;

    private final String code;
    private final HolidayManager manager;
    private final String[] regions;

    private Holidays(String code, HolidayManager manager, String[] regions) {
        this.code = code;
        this.manager = manager;
        this.regions = regions;
    }

    /**
     * The holidays of a place.
     *
     * @param code a country by ISO 3166 such as {@code DE}, or a region of it such as {@code DE-BY}, in any case
     * @throws IllegalArgumentException when there is no calendar of it
     */
    public static Holidays of(String code) {
        String[] parts = code.toLowerCase(Locale.ROOT).split("-", -1);
        if (!HolidayManager.getSupportedCalendarCodes().contains(parts[0].toUpperCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "expected a country such as DE or a region such as DE-BY, found " + Printable.quoted(code));
        }
        HolidayManager manager = HolidayManager.getInstance(ManagerParameters.create(parts[0]));
        CalendarHierarchy place = manager.getCalendarHierarchy();
        for (int i = 1; i < parts.length; i++) {
            CalendarHierarchy region = place.getChildren().get(parts[i]);
            if (region == null) {
                Set<String> regions = new TreeSet<>(place.getChildren().keySet());
                throw new IllegalArgumentException("expected " + (regions.isEmpty() ? "no region" : "a region") + " of "
                        + place.getId().toUpperCase(Locale.ROOT)
                        + (regions.isEmpty() ? "" : ", one of " + String.join(", ", regions)) + "; found "
                        + Printable.quoted(code));
            }
            place = region;
        }
        return new Holidays(code.toUpperCase(Locale.ROOT), manager, Arrays.copyOfRange(parts, 1, parts.length));
    }

    /** The holidays with this {@link #name}; empty where the name is not one of holidays. */
    public static Optional<Holidays> named(String name) {
        if (!name.startsWith(NAME)) return Optional.empty();
        try {
            return Optional.of(of(name.substring(NAME.length())));
        } catch (IllegalArgumentException ofSomethingElse) {
            return Optional.empty();
        }
    }

    /** The names that stand for columns of holidays. */
    public static List<String> among(List<String> names) {
        return names.stream().filter(name -> named(name).isPresent()).toList();
    }

    /** The other names. */
    public static List<String> others(List<String> names) {
        return names.stream().filter(name -> named(name).isEmpty()).toList();
    }

    /** The name of the channel, such as {@code holidays DE-BY}. */
    public String name() {
        return NAME + code;
    }

    /**
     * A series with holidays as further channels.
     *
     * @param names of the channels, as of {@link #name}
     * @param kinds whether holidays are told apart, as {@link #kinds} does
     * @throws IllegalArgumentException as of {@link #on}, or when a name is that of something else
     */
    public static TimeSeries added(TimeSeries series, List<String> names, boolean kinds) {
        List<String> channels = new ArrayList<>(series.channels());
        List<double[]> values = new ArrayList<>(Arrays.asList(series.doubleValues()));
        for (String name : names) {
            channels.add(name);
            values.add(after(series, 0, series.length(), name, kinds));
        }
        return new TimeSeries(series.id(), channels, series.axis(), values.toArray(double[][]::new));
    }

    /** The values of a channel of holidays at steps of a series from an index on, as of {@link #on} or {@link #kinds}. */
    public static double[] after(TimeSeries series, int from, int steps, String name, boolean kinds) {
        Holidays holidays = named(name).orElseThrow(() -> new IllegalArgumentException(name + " are no holidays"));
        return kinds ? holidays.kinds(series.axis(), from, steps) : holidays.on(series.axis(), from, steps);
    }

    /**
     * How many holidays each step holds: 0 or 1 where steps are days or less, by the local date of the step.
     *
     * @param from the first index
     * @throws IllegalArgumentException when the steps are no times, go over more than 1,000 years, or lie beyond the calendar
     */
    public double[] on(TimeAxis axis, long from, int steps) {
        if (axis.frequency().kind() == Frequency.Kind.NUMBERS) {
            throw new IllegalArgumentException("holidays need times, and the rows are numbered");
        }
        boolean several = !haveKinds(axis);
        LocalDate start = date(axis, from);
        LocalDate last = date(axis, from + steps);
        // Times beyond the range of a long come out before the first.
        if (Math.abs((long) last.getYear() - start.getYear()) > MOST_YEARS) {
            throw new IllegalArgumentException(
                    "holidays need times within " + MOST_YEARS + " years, found steps from " + start + " to " + last);
        }
        Set<LocalDate> holidays = between(start, last).map(Holiday::getDate).collect(Collectors.toSet());
        double[] values = new double[steps];
        for (int t = 0; t < steps; t++) {
            LocalDate first = date(axis, from + t);
            LocalDate end = several ? date(axis, from + t + 1) : first.plusDays(1);
            for (LocalDate day = first; day.isBefore(end); day = day.plusDays(1)) {
                if (holidays.contains(day)) values[t]++;
            }
        }
        return values;
    }

    /**
     * Which holiday each step of a day or less has: 0 for none, and else a number that the same holiday has in every year. Where
     * steps are longer, how many holidays each step holds.
     *
     * @param from the first index
     * @throws IllegalArgumentException as of {@link #on}
     */
    public double[] kinds(TimeAxis axis, long from, int steps) {
        double[] kinds = on(axis, from, steps);
        if (!haveKinds(axis)) return kinds;
        Map<LocalDate, String> keys = between(date(axis, from), date(axis, from + steps)).collect(Collectors
                .toMap(Holiday::getDate, Holiday::getPropertiesKey, (a, b) -> a.compareTo(b) < 0 ? a + b : b + a));
        for (int t = 0; t < steps; t++) {
            if (kinds[t] > 0) kinds[t] = 1 + Math.floorMod(keys.get(date(axis, from + t)).hashCode(), MOST_KINDS);
        }
        return kinds;
    }

    /** Whether the steps are days or less, which have one holiday each. */
    public static boolean haveKinds(TimeAxis axis) {
        Frequency frequency = axis.frequency();
        return !(frequency.isCalendar() || frequency.kind() == Frequency.Kind.WEEKS_OF_QUARTERS
                || frequency.kind() == Frequency.Kind.MILLIS && frequency.count() > OpenTimes.DAY);
    }

    private static LocalDate date(TimeAxis axis, long index) {
        return TimeAxis.local(axis.localTimeAt(index)).toLocalDate();
    }

    private Stream<Holiday> between(LocalDate first, LocalDate last) {
        // The holiday of a New Year's Day at a weekend can lie in the year before.
        return IntStream.rangeClosed(first.getYear(), last.getYear() + 1).boxed().flatMap(this::of);
    }

    private Stream<Holiday> of(int year) {
        try {
            return manager.getHolidays(Year.of(year), HolidayType.PUBLIC_HOLIDAY, regions).stream();
        } catch (DateTimeException beyond) {
            // Those of Islam are known from 1882 to 2174.
            throw new IllegalArgumentException("the " + name() + " of " + year + " are not known", beyond);
        }
    }
}
