package org.ttm4j.data.grid;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.TimeColumn;
import org.ttm4j.data.time.TimeNames;

/**
 * Finds the columns that make a time by their names, else by their cells. Plain numbers are times only in the first column,
 * unless they are ids beside other times, under a usual name, or as the digits of dates under a name that speaks of a time.
 * Dates come before the years, months or the like that were made from them, and regular times before dates of theirs that
 * repeat. Without a time, the first column can count the steps. A column that is called a time, or of which most cells are
 * times, is found although others are malformed: reading it will report what is wrong
 * with them.
 */
final class TimeFinder {
    /** The first columns, among which one of mostly times is looked for. */
    private static final int LOOKED_AT = 50;
    private static final List<String> USUAL_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "_time", "ds", "day", "week", "month", "quarter", "year", "period", "time_period", "index", "step",
            "t");
    /** Those of the usual names that a table of dates often has a column of, made from its dates. */
    private static final Set<String> NAMES_OF_PERIODS = Set.of("day", "week", "month", "quarter", "year", "period");
    /** Names of epochs, of which a short number is another value. */
    private static final Set<String> NAMES_OF_EPOCHS = Set.of("ts", "epoch", "unix", "unixtime", "unix_time",
            "unix_timestamp", "timestamp_ms");
    private static final int DIGITS_OF_EPOCH = 9;
    private static final long DAY = 86_400_000;
    private static final long MONTH = 31 * DAY;
    /** The least step in milliseconds of digits that are times beside others, or without a name. */
    private static final long EPOCH_STEP = 60_000;
    /** A name of dates in some languages, and of values in others. */
    private static final String DATA = "data";
    /** Columns whose numbers of five digits are days since 1899-12-30. */
    private static final List<String> DATE_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "ds", "day", "datum", "tag", "zeit", "zeitstempel", "zeitpunkt", "fecha", DATA, "jour");
    /** What the name of a column of dates without separators, such as 2024013113, contains. */
    private static final Pattern NAME_OF_DIGITS = Pattern.compile("datum|date|zeit|time|fecha|(yyyy|aaaa|jjjj)mm");
    private static final String DIGITS = "yyyyMMddHHmmss";
    private static final Pattern TIME_OF_DAY = Pattern
            .compile("\\d{1,2}[:h]\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[AaPp][Mm])?|\\d{1,2} ?[AaPp][Mm]");

    /** An hour or less from its beginning to its end, such as 08:00-08:30, or 00 - 01 as power exchanges write it. */
    private static final Pattern RANGE_OF_HOUR = Pattern
            .compile("([01]?\\d|2[0-3])([:.][0-5]\\d)?(\\h?[AP]M)?\\h?[-–]\\h?(\\d\\d?)([:.][0-5]\\d)?(\\h?[AP]M)?");
    /** Shows that a range is one of hours, whatever the name of its column. */
    private static final Pattern SURE_HOURS = Pattern.compile(":| UTC$|M$");
    /** Digits of a clock from 0000 or 0 to 2400, and 1300 UTC as the weather service of Brazil writes it. */
    private static final Pattern DIGITS_OF_CLOCK = Pattern.compile("((([01]?\\d|2[0-4])?[0-5])?\\d)( UTC)?");
    /** The numbers of the half hours of a day in the British electricity market, up to 50 where clocks are set back. */
    private static final Pattern HALF_HOURS = Pattern.compile("0?[1-9]|[1-4]\\d|50");
    private static final Set<String> NAMES_OF_HALF_HOURS = Set.of("settlement_period", "settlement period",
            "settlementperiod");
    private static final int HALF_HOURS_OF_DAY = 48;
    /** The two hours of one number where clocks are set back, as power exchanges write them. */
    private static final Pattern DOUBLE_HOUR = Pattern.compile("^(\\d{1,2})[AB]$");
    private static final String HOURS = "hours";
    /** A time of day as workbooks have it, a part of the day such as 0.5 or 4.2E-2. */
    private static final Pattern PARTS_OF_DAYS = Pattern.compile("0|0?\\.\\d+|\\d(\\.\\d+)?[Ee]-\\d+");
    private static final Set<String> NAMES_OF_CLOCKS = Set.of("time", "zeit", "uhrzeit", "tijd", "tid", "hhmm", "hrmn");
    private static final int DIGITS_OF_YEAR = 4;
    private static final int DIGITS_OF_MONTH = 6;
    private static final Pattern POINTS_BEHIND_TWO = Pattern.compile("\\d\\d\\.\\d{4}");
    /** Totals, and years among their months, quarters or halves, as statistical offices write them. */
    private static final Pattern WHOLE_YEAR = Pattern
            .compile("\\d{4} ?(M13|Q05|S03|JJ00)|(?iu)(\\d{4}[- ])?((sub|grand)[- ]?)?"
                    + "(total|totaal|totale|sum|summe|zwischensumme|gesamt|suma|итого|всего|合計)(:|[ -].*)?");
    private static final Pattern WEEK_BEYOND_MONTHS = Pattern.compile("(19|20)\\d\\d(1[3-9]|[2-5]\\d)");
    static final int SECONDS_OF_DAY = 86_400;
    private static final int MINUTES_OF_DAY = 1440;
    private static final int MINUTES_OF_HOUR = 60;
    /** Calendar years, and fiscal ones such as FY20. */
    private static final String YEARS = "\\d{4}|FY\\d{2}(\\d{2})?";
    /** Years such as 2019/20. */
    private static final String PAIRS_OF_YEARS = "\\d{4}/\\d{2}(\\d{2})?";

    /** The columns that can have a part of a time, by their names. */
    private enum Part {
        YEAR("year", "year(s)", "fiscal year", "fiscal_year", "fy", "yr", "yyyy", "jahr", "année", "annee", "año",
                "ano", "anno", "jaar", "år"), //
        QUARTER("quarter", "qtr", "quartal", "trimestre", "kwartaal", "kvartal"), //
        HALF("half", "half year", "half_year", "halfyear", "halbjahr", "semester", "semestre"), //
        MONTH("month", "period", "periode", "mo", "mm", "monat", "mois", "mes", "mese", "maand", "mês", "monate"), //
        WEEK("week", "isoweek", "iso_week", "kw", "woche", "kalenderwoche", "semaine", "semana", "settimana", "weeknr"), //
        DAY_OF_YEAR("doy", "day_of_year", "dayofyear", "day of year"), //
        DAY("day", "dd", "dy", "tag", "jour", "dia", "día", "giorno", "dag"), //
        HOUR("hour", "hr", "hh", "he", "hour ending", "hour_ending", "stunde", "heure", "hora", "ora", "uur", "godzina",
                "hodina"), //
        MINUTE("minute", "min", "mm", "mn", "minuto", "minuut");

        private final Set<String> names;

        Part(String... names) {
            this.names = Set.of(names);
        }
    }

    /** The columns that can stand beside years, as many of them as there are from the first on. */
    private static final List<List<Part>> BESIDE_YEARS = List.of(List.of(Part.MONTH, Part.DAY, Part.HOUR, Part.MINUTE),
            List.of(Part.WEEK), List.of(Part.QUARTER), List.of(Part.HALF),
            List.of(Part.DAY_OF_YEAR, Part.HOUR, Part.MINUTE));

    /** What stands between the cells of two columns of a time, and how the second one is written behind it. */
    enum Joint {
        DATE("-", cell -> cell), DAY_OF_YEAR("/", cell -> padded(cell, 3)), //
        WEEK(" W", cell -> cell), QUARTER(" Q", cell -> cell), HALF(" H", cell -> cell), //
        BLANK(" ", TimeFinder::hour), COLON(":", cell -> padded(cell, 2)), //
        PART_OF_DAY(" ", TimeFinder::timeOfDay), HALF_HOUR(" ", TimeFinder::halfHour);

        final String text;
        final UnaryOperator<String> written;

        Joint(String text, UnaryOperator<String> written) {
            this.text = text;
            this.written = written;
        }

        private static String padded(String cell, int digits) {
            return cell.isEmpty() ? cell : "0".repeat(Math.max(0, digits - cell.length())) + cell;
        }
    }

    private final List<String> names; // of the columns, in lower case
    private final List<Row> rows;
    private final List<Integer> free;
    private final String format;

    /**
     * @param rows the first rows
     * @param taken the columns that cannot be the time
     * @param format the pattern in which times are written; null to find it
     */
    TimeFinder(List<String> header, List<Row> rows, Set<Integer> taken, String format) {
        names = header.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        this.rows = rows;
        free = IntStream.range(0, names.size()).filter(column -> !taken.contains(column)).boxed().toList();
        this.format = format;
    }

    /** Whether columns of times are often called so. */
    static boolean isNameOfTime(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return USUAL_NAMES.contains(lower) || DATE_NAMES.contains(lower) || Part.YEAR.names.contains(lower);
    }

    /** Whether columns of parts of a time, such as an hour, are called so. */
    static boolean isNameOfPart(String name) {
        return Stream.of(Part.values()).anyMatch(part -> part.names.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** The columns that make a time; none without. */
    List<Integer> find() {
        List<Integer> candidates = new ArrayList<>(
                USUAL_NAMES.stream().map(names::indexOf).filter(free::contains).toList());
        for (int column : candidates) if (isTime(column, true)) return finer(joined(column));
        for (int column : free) {
            boolean isNamed = isNameOfTime(names.get(column)) && !names.get(column).equals(DATA) || isEpoch(column);
            if (!isTime(column, isNamed || column == 0 && areYears(column))) continue;
            // Document numbers in the first column may look like years.
            boolean isReceipt = ColumnLayout.isReceipt(names.get(column));
            List<Integer> dates = isTime(column, false)
                    ? List.of()
                    : free(other -> isDate(other) || isReceipt && isTime(other, false)
                            || !isNameOfTime(names.get(column)) && areDigits(other)
                                    && distinct(List.of(other)) > distinct(List.of(column)));
            if (dates.isEmpty() && !isNamed && distinct(List.of(column)) == 1) dates = free(this::goesOn);
            if (dates.isEmpty() && !isNamed && areIds(column)) continue;
            return joined(dates.isEmpty() ? column : dates.get(0));
        }
        List<Integer> digits = free(this::areDigits);
        if (!digits.isEmpty()) return joined(digits.get(0));
        List<Integer> mostly = free(column -> format == null && column < LOOKED_AT
                && cells(rows, column).stream().filter(Table::isTime).count() * 2 > rows.size());
        List<Integer> sure = new ArrayList<>(free(this::areExcelDays));
        sure.addAll(mostly.stream().filter(column -> isNameOfTime(names.get(column))).toList());
        sure.addAll(free(column -> (column == 0 || USUAL_NAMES.contains(names.get(column))) && free.size() > 1
                && isCounter(rows, column, false)));
        if (!sure.isEmpty()) return List.of(sure.get(0));
        candidates.addAll(free(column -> isNameOfTime(names.get(column))
                && (rows.isEmpty() || !NumberParser.isNumber(rows.get(0).cell(column)))));
        candidates.addAll(mostly);
        return candidates.stream().limit(1).toList();
    }

    /** The dates in front of a time that was made from them, as a year and a month are; or else the time itself. */
    private List<Integer> finer(List<Integer> time) {
        if (format != null || !NAMES_OF_PERIODS.contains(names.get(time.get(0)))) return time;
        List<Integer> dates = free(
                column -> column < time.get(0) && isTime(column, false) && distinct(List.of(column)) > distinct(time)
                        && rows.stream().allMatch(row -> row.cell(column).contains(period(row, time))));
        return dates.isEmpty() ? time : joined(dates.get(0));
    }

    /** A period as a date begins with it, such as 2024-01. */
    private static String period(Row row, List<Integer> time) {
        return time.stream()
                .map(row::cell)
                .map(cell -> cell.length() == 1 ? "0" + cell : cell)
                .collect(Collectors.joining("-"));
    }

    private long distinct(List<Integer> time) {
        List<Joint> joints = joints(time);
        return rows.stream().map(row -> ColumnLayout.timeOf(row, time, joints)).distinct().count();
    }

    /** Whether a column has times that go on from row to row in one direction: those beside one that all rows were written at. */
    private boolean goesOn(int column) {
        return rows.size() >= 3 && isTime(column, false) && read(column).stream().anyMatch(times -> goOn(times, false));
    }

    /** Whether times go in one direction, from one row to the next or to a later one. */
    private static boolean goOn(long[] times, boolean mayRepeat) {
        int up = Long.compare(times[times.length - 1], times[0]);
        return up != 0 && LongStream.of(FrequencyFinder.steps(times))
                .allMatch(step -> Long.signum(step) == up || step == 0 && mayRepeat);
    }

    /** The times of a column in each way in which they can be read; none where they cannot. */
    private List<long[]> read(int column) {
        try {
            TimeColumn times = new TimeColumn("", "", format);
            for (Row row : rows) times.add(row.cell(column), row.line());
            return times.possible();
        } catch (DataException noTimes) {
            return List.of();
        }
    }

    /**
     * Whether digits as long as those of an epoch are the ids of meters, articles or the like: other times stand beside
     * them that are not the same, and by their name or order the digits are no times, or those times go on.
     */
    private boolean areIds(int column) {
        if (format != null || isTime(column, false)
                || cells(rows, column).stream().anyMatch(cell -> cell.length() < DIGITS_OF_EPOCH)) {
            return false;
        }
        if (!ColumnLayout.isNumber(names.get(column)) && areEpochs(column)) return false;
        boolean goOn = !ColumnLayout.isNumber(names.get(column)) && rows.size() >= 3
                && read(column).stream().anyMatch(times -> goOn(times, false));
        return !free(other -> isTime(other, false)
                && !(distinct(List.of(column)) >= distinct(List.of(other)) && areNear(column, other, MONTH))
                && (!goOn || read(other).stream().anyMatch(times -> goOn(times, true)))).isEmpty();
    }

    /** Whether times go on by one step. Ids may differ by one, like epochs a second or a millisecond apart. */
    private boolean areEpochs(int column) {
        return rows.size() >= 3
                && read(column).stream().anyMatch(times -> haveOneStep(times) && times[1] - times[0] >= EPOCH_STEP);
    }

    /** Whether the times of two columns differ by less than this everywhere, as those of one event do. */
    private boolean areNear(int column, int other, long millis) {
        List<long[]> others = read(other);
        return read(column).stream()
                .anyMatch(one -> others.stream()
                        .anyMatch(two -> IntStream.range(0, one.length)
                                .allMatch(i -> Math.abs(one[i] - two[i]) < millis)));
    }

    private static boolean haveOneStep(long[] times) {
        return LongStream.of(FrequencyFinder.steps(times)).distinct().count() == 1;
    }

    /** The times with a constant step that stand beside a repeating date of theirs, first those of UTC; or else the date. */
    private List<Integer> regular(int date) {
        if (rows.size() < 3) return List.of(date);
        List<Integer> times = free(column -> column != date && column < LOOKED_AT && isTime(column, false)
                && areNear(date, column, 2 * DAY)
                && read(column).stream().anyMatch(read -> goOn(read, false) && haveOneStep(read)));
        return List.of(times.stream()
                .filter(column -> names.get(column).contains("utc"))
                .findFirst()
                .orElse(times.isEmpty() ? date : times.get(0)));
    }

    private boolean isEpoch(int column) {
        return NAMES_OF_EPOCHS.contains(names.get(column))
                && cells(rows, column).stream().allMatch(cell -> cell.length() >= DIGITS_OF_EPOCH);
    }

    /**
     * Whether a first column of numbers that could be times is one: four digits are years, and six weeks without other times, if
     * they stand beside other numbers and go on by one step, up or down, and else articles or amounts; 01.2020 is a month if
     * the name says so.
     */
    private boolean areYears(int column) {
        List<String> cells = cells(rows, column);
        if (cells.stream().anyMatch(TimeFinder::isWholeYear)) return false; // numbers beside a total are ids
        if (cells.stream().allMatch(cell -> POINTS_BEHIND_TWO.matcher(cell).matches())) {
            return isNameOfPart(names.get(column));
        }
        boolean areWeeks = cells.stream().anyMatch(cell -> WEEK_BEYOND_MONTHS.matcher(cell).matches());
        if (!areWeeks && !cells.stream().allMatch(cell -> cell.length() == DIGITS_OF_YEAR)) return true;
        if (areWeeks && !free(other -> isTime(other, false)).isEmpty()) return false;
        long[] years = TimeColumn.counted(cells, false);
        long[] steps = FrequencyFinder.steps(years);
        Map<Long, Long> counts = LongStream.of(steps)
                .map(Math::abs)
                .filter(step -> step > 0)
                .boxed()
                .collect(Collectors.groupingBy(step -> step, Collectors.counting()));
        long regular = counts.values().stream().mapToLong(count -> count).max().orElse(0);
        boolean goOn = LongStream.of(steps).allMatch(step -> step >= 0)
                || LongStream.of(steps).allMatch(step -> step <= 0)
                || 2 * regular > LongStream.of(steps).filter(step -> step != 0).count();
        return free.size() > 1 && goOn && (areWeeks || cells.stream().allMatch(TurnedRows::isYear))
                && !ColumnLayout.isNumber(names.get(column));
    }

    private boolean isDate(int column) {
        return DATE_NAMES.contains(names.get(column)) && !names.get(column).equals(DATA) && isTime(column, true);
    }

    /**
     * Whether a column whose name speaks of a time holds dates, with hours or without, as digits only, or a column without a name
     * dates from 1900 to 2099 or epochs.
     */
    private boolean areDigits(int column) {
        boolean isUnnamed = isUnnamed(column);
        if (format != null || !isUnnamed && !NAME_OF_DIGITS.matcher(names.get(column)).find()) return false;
        List<String> cells = cells(rows, column);
        int length = cells.isEmpty() ? 0 : cells.get(0).length();
        if (isUnnamed && length >= DIGITS_OF_EPOCH && areEpochs(column)) return true;
        if (isUnnamed && !areAll(column, "(19|20)\\d{6}")) return false;
        return length >= DIGITS_OF_MONTH && length <= DIGITS.length() && length % 2 == 0
                && TimeColumn.accepts(cells, true, DIGITS.substring(0, length));
    }

    private List<Integer> free(IntPredicate which) {
        return free.stream().filter(which::test).toList();
    }

    /**
     * The time column with others, where its dates repeat: the next, where that has times of day or hours; or years with
     * months, days, hours and minutes, with weeks or with quarters, wherever these are.
     */
    private List<Integer> joined(int column) {
        List<String> cells = cells(rows, column);
        List<Integer> alone = List.of(column);
        if (format != null || Set.copyOf(cells).size() == cells.size()) return alone;
        List<List<Integer>> candidates = new ArrayList<>();
        boolean areYears = areAll(column, YEARS);
        if (areYears) {
            for (List<Part> parts : BESIDE_YEARS) candidates.addAll(withParts(column, parts));
        } else if (areAll(column, PAIRS_OF_YEARS)) {
            candidates.addAll(withParts(column, List.of(Part.QUARTER)));
        } else if (free.contains(column + 1)) {
            boolean isHour = Part.HOUR.names.contains(names.get(column + 1)) && areAll(column + 1, "\\d{1,2}");
            if (isHour || isPartOfDay(column + 1) || isHalfHour(column + 1)
                    || areAll(column + 1, TIME_OF_DAY.pattern())) {
                candidates.add(List.of(column, column + 1));
            }
        }
        List<Row> filled = rows.subList(0, cells.size());
        return candidates.stream()
                .filter(time -> makeTimes(filled, time))
                .findFirst()
                .orElseGet(() -> areYears ? alone : regular(column));
    }

    private boolean isUnnamed(int column) {
        return names.get(column).equals("column " + (column + 1));
    }

    /** The years with all of the columns, with all but the last, and so on. The names of months behind years need no name. */
    private List<List<Integer>> withParts(int years, List<Part> parts) {
        List<List<Integer>> candidates = new ArrayList<>();
        List<Integer> columns = new ArrayList<>(List.of(years));
        for (Part part : parts) {
            List<Integer> found = free(
                    i -> !columns.contains(i) && (part.names.contains(names.get(i)) || part == Part.MONTH
                            && i == years + 1 && isUnnamed(i) && TimeNames.month(rows.get(0).cell(i)) > 0));
            if (found.isEmpty()) break;
            columns.add(found.get(0));
            candidates.add(0, List.copyOf(columns));
        }
        return candidates;
    }

    boolean makeTimes(List<Row> filled, List<Integer> time) {
        List<Joint> joints = joints(time);
        return TimeColumn.accepts(filled.stream()
                .map(row -> ColumnLayout.timeOf(row, time, joints))
                .filter(text -> !isWholeYear(text))
                .toList(), false);
    }

    /** Whether a row whose time this is has the mean or the sum of other rows: of those of a year, or a total. */
    static boolean isWholeYear(String time) {
        return WHOLE_YEAR.matcher(time).matches();
    }

    /** What joins the cells of several time columns, as in 2024-1-31 13:00, 2018 W1 and 2018 Q1. */
    List<Joint> joints(List<Integer> time) {
        if (time.size() < 2) return List.of();
        int second = time.get(1);
        if (time.size() == 2) {
            for (Joint period : List.of(Joint.WEEK, Joint.QUARTER, Joint.HALF)) {
                boolean isNamed = Part.valueOf(period.name()).names.contains(names.get(second));
                if (isNamed && areAll(second, "\\d{1,2}")) return List.of(period);
            }
            if (isHalfHour(second)) return List.of(Joint.HALF_HOUR);
            if (isPartOfDay(second) || isMidnight(time)) return List.of(Joint.PART_OF_DAY);
        }
        boolean areDays = Part.DAY_OF_YEAR.names.contains(names.get(second)) && areAll(second, "\\d{1,3}");
        int date = areDays ? 1 : time.size() > 2 && areAll(time.get(0), "\\d{4}") ? 2 : 0;
        return IntStream.range(0, time.size() - 1)
                .mapToObj(i -> i > date
                        ? Joint.COLON
                        : i == date ? Joint.BLANK : areDays ? Joint.DAY_OF_YEAR : Joint.DATE)
                .toList();
    }

    private boolean isPartOfDay(int column) {
        if (areAll(column, "\\d{1,2}")) return false;
        String name = names.get(column);
        boolean areHours = Part.HOUR.names.contains(name) || NAMES_OF_CLOCKS.contains(name);
        return areHours && areAll(column, PARTS_OF_DAYS.pattern()) || cells(rows, column).stream()
                .allMatch(cell -> beginning(cell, 0) != null
                        && (areHours || name.equals(HOURS) || SURE_HOURS.matcher(cell).find()));
    }

    /** Whether all cells are 0 behind dates that take no hour: so begins a known future that continues parts of days. */
    private boolean isMidnight(List<Integer> time) {
        return areAll(time.get(1), "0") && !TimeColumn.accepts(
                rows.stream().map(row -> ColumnLayout.timeOf(row, time, List.of(Joint.BLANK))).toList(), false, format);
    }

    private boolean isHalfHour(int column) {
        return NAMES_OF_HALF_HOURS.contains(names.get(column)) && areAll(column, HALF_HOURS.pattern());
    }

    /**
     * The beginning of an hour or less that is written with its end, or the digits of a clock; null where a cell is none.
     *
     * @param shift minutes by which the clock may have been set meanwhile
     */
    private static String beginning(String cell, int shift) {
        Matcher digits = DIGITS_OF_CLOCK.matcher(cell);
        if (digits.matches()) {
            String clock = Joint.padded(digits.group(1), 4);
            return clock.substring(0, 2) + ":" + clock.substring(2) + cell.substring(digits.end(1));
        }
        Matcher range = RANGE_OF_HOUR.matcher(cell);
        if (!range.matches() || (range.group(2) == null) != (range.group(5) == null)) return null;
        boolean areHours = range.group(2) == null;
        String half = range.group(3) == null ? "" : range.group(3);
        if (half.isEmpty() != (range.group(6) == null)) return null;
        if (areHours && half.isEmpty() && (range.group(1).length() < 2 || range.group(4).length() < 2)) return null;
        String minute = areHours ? "00" : range.group(2).substring(1);
        int end = Integer.parseInt(range.group(4)) * MINUTES_OF_HOUR
                + (areHours ? 0 : Integer.parseInt(range.group(5).substring(1)));
        int begin = Integer.parseInt(range.group(1)) * MINUTES_OF_HOUR + Integer.parseInt(minute);
        int minutes = Math.floorMod(end - begin + shift, half.isEmpty() ? MINUTES_OF_DAY : MINUTES_OF_DAY / 2);
        boolean isStep = minutes > 0 && minutes <= MINUTES_OF_HOUR + 2 * shift && end <= MINUTES_OF_DAY;
        return isStep ? range.group(1) + ":" + minute + half : null;
    }

    /** The time at which a numbered half hour begins, the last one where clocks are set back; any other cell as it is. */
    static String halfHour(String cell) {
        if (!HALF_HOURS.matcher(cell).matches()) return cell;
        int number = Math.min(HALF_HOURS_OF_DAY, Integer.parseInt(cell)) - 1;
        return LocalTime.ofSecondOfDay((long) SECONDS_OF_DAY / HALF_HOURS_OF_DAY * number).toString();
    }

    /** The hour of a day, the last one again where clocks are set back; any other cell as it is. */
    private static String hour(String cell) {
        return cell.equals("25") ? "24" : DOUBLE_HOUR.matcher(cell).replaceFirst("$1");
    }

    /** The time of a part of a day, to the second, or of an hour with its end; any other cell as it is. */
    static String timeOfDay(String cell) {
        String hour = beginning(cell, MINUTES_OF_HOUR);
        if (hour != null) return hour;
        if (!PARTS_OF_DAYS.matcher(cell).matches()) return cell;
        long second = Math.min(SECONDS_OF_DAY - 1, Math.round(Double.parseDouble(cell) * SECONDS_OF_DAY));
        return LocalTime.ofSecondOfDay(second).format(DateTimeFormatter.ISO_LOCAL_TIME);
    }

    private boolean areAll(int column, String pattern) {
        return cells(rows, column).stream().allMatch(cell -> cell.matches(pattern));
    }

    /** Whether a column that is called a date holds rising numbers of five digits before the point. */
    boolean areExcelDays(int column) {
        if (format != null || !DATE_NAMES.contains(names.get(column))) return false;
        long[] days = TimeColumn.counted(cells(rows, column), true);
        return days.length > 0 && LongStream.of(FrequencyFinder.steps(days)).allMatch(step -> step >= 0);
    }

    private boolean isTime(int column, boolean numbersAllowed) {
        List<String> cells = cells(rows, column);
        List<String> parts = cells.stream().filter(cell -> !isWholeYear(cell)).toList();
        if (!parts.isEmpty()) cells = parts;
        return TimeColumn.accepts(cells, numbersAllowed, format) || format == null && ColumnLayout.range(cells) != null;
    }

    /** The cells without those after the last that could be a time, as totals have them. */
    static List<String> cells(List<Row> rows, int column) {
        List<String> cells = new ArrayList<>(rows.stream().map(row -> row.cell(column)).toList());
        while (cells.size() > 1 && cells.get(cells.size() - 1).chars().noneMatch(Character::isDigit)) {
            cells.remove(cells.size() - 1);
        }
        return cells;
    }

    /** Whether three or more cells are whole numbers of which none recurs. */
    static boolean areDifferentNumbers(List<Row> rows, int column) {
        long[] numbers = TimeColumn.counted(rows.stream().map(row -> row.cell(column)).toList(), false);
        return numbers.length >= 3 && LongStream.of(numbers).distinct().count() == numbers.length;
    }

    /** Whether three or more cells are whole numbers that rise by one difference, or fall where that may be. */
    static boolean isCounter(List<Row> rows, int column, boolean mayFall) {
        long[] counts = TimeColumn.counted(rows.stream().map(row -> row.cell(column)).toList(), false);
        return counts.length >= 3 && (counts[1] > counts[0] || counts[1] < counts[0] && mayFall) && haveOneStep(counts);
    }
}
