package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.time.FrequencyFinder;
import org.ttm4j.data.time.TimeNames;

/**
 * Distinguishes a time that is merely written twice from several series, and from several rows of one step such as receipts. It
 * keeps the columns of text or whole numbers, which could hold the ids of series, so that a text which tells the rows of each time
 * apart becomes the id, and an error can name the column that the caller forgot.
 */
final class RepeatedTimes {
    /** Rows that contradict another row of the same time are corrections only when they are fewer than one in so many. */
    private static final int CONTRADICTING = 10;
    /**
     * One repeat in so many rows is enough when a column of text distinguishes the rows. Fewer can be the hour at which
     * clocks are set back once a year, with the name of the zone beside it.
     */
    private static final int SEPARATED = 1000;
    /** The first columns only, which bounds the memory: id columns usually come first. */
    private static final int MOST = 8;
    private static final int LONGEST_NUMBER = 9;
    /** As many rows, at least, repeat a time where series stand one below the other, or each receipt has a row: one in so many. */
    private static final int REPEATING = 4;
    /** Columns with more different cells than this, which hardly recur, are not kept. */
    private static final int MANY = 10_000;
    /** Names of columns that say what was measured, or where. */
    private static final Pattern SOURCES = Pattern.compile("(?i)(.*[ _.-])?(id|uid|entity|sensor|device|meter|station"
            + "|site|series|node|location|friendly[ _]?name|messstelle|gerät|zähler|standort|capteur)"
            + "([ _.-]?(id|name|nr|no)[.]?)?|(?-i:.*\\p{Ll}Id)");
    /** The rows that a series has at least, on average, where rows of series take turns. */
    private static final int FEWEST_OF_TURNS = 8;
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.9;

    private final List<TextColumn> candidates = new ArrayList<>();
    private boolean haveAmounts; // the values, of events that a step has the sum of
    private List<String> header;
    private List<Integer> time;
    private Row first;
    /** Whether rows may be joined that the caller has not said to join. */
    final boolean mayJoin;

    /** For rows of a time and values only, which are joined only if the caller asks for it. */
    RepeatedTimes() {
        mayJoin = false;
    }

    RepeatedTimes(Table source, ColumnLayout layout) throws IOException {
        mayJoin = true;
        List<Row> rows = source.peek(ColumnLayout.PEEKED);
        header = source.header;
        time = layout.time();
        first = rows.isEmpty() ? null : rows.get(0);
        Set<Integer> values = new HashSet<>();
        // Columns that cannot be an id which the caller did not name.
        Set<Integer> known = new HashSet<>(layout.ids());
        known.addAll(time);
        for (ValueColumn one : layout.values()) {
            if (!one.isId) values.add(one.index);
            if (one.mayBeTexts()) known.add(one.index);
            known.add(one.signs);
        }
        haveAmounts = layout.values()
                .stream()
                .anyMatch(one -> StepRule.isAmount(one.name)
                        && rows.stream().anyMatch(row -> NumberParser.isNumber(row.cell(one.index))));
        for (int column = 0; column < source.header.size() && candidates.size() < MOST; column++) {
            int index = column;
            if (known.contains(index)) continue;
            List<String> cells = rows.stream()
                    .map(row -> row.cell(index))
                    .filter(cell -> !NumberParser.isMissing(cell))
                    .toList();
            boolean isBeforeTime = !time.isEmpty() && index < time.get(0);
            boolean isId = !values.contains(index)
                    && ColumnLayout.isLongId(rows, header, index, time, Set.copyOf(time));
            boolean text = isId || cells.stream().noneMatch(cell -> source.numbers().read(cell));
            boolean numbers = cells.stream()
                    .allMatch(cell -> (isBeforeTime || cell.length() <= LONGEST_NUMBER)
                            && cell.chars().allMatch(c -> c >= '0' && c <= '9'));
            String name = source.header.get(column);
            // Hours in an unsupported format, such as 0-1, distinguish the rows of a day, but not series.
            boolean isPart = TimeFinder.isNameOfPart(name)
                    && cells.stream().allMatch(cell -> Character.isDigit(cell.charAt(0)));
            if (isPart || cells.isEmpty() || !text && (!numbers || StepRule.isMoney(name))) continue;
            candidates.add(new TextColumn(name, column, text));
        }
    }

    /** Adds a row, and returns the bytes that this takes. */
    long add(Row row) {
        long bytes = 0;
        for (TextColumn candidate : candidates) bytes += candidate.add(row);
        candidates.removeIf(
                candidate -> candidate.texts().size() > MANY && candidate.texts().size() * 2 > candidate.rows().size());
        return bytes;
    }

    /** The first column of a few texts, each of which has many rows, unless they are names of days or months. */
    Optional<TextColumn> recurring() {
        return candidates.stream()
                .filter(one -> one.isText() && haveManyRows(one))
                .filter(one -> !one.distinct().stream().allMatch(TimeNames::isName))
                .findFirst();
    }

    private static boolean haveManyRows(TextColumn column) {
        int ids = column.texts().size();
        return ids > 1 && (long) ids * FEWEST_OF_TURNS <= column.rows().size();
    }

    /** The first column that has all of these ids; null without. */
    TextColumn having(Set<String> ids) {
        return candidates.stream().filter(one -> one.texts().keySet().containsAll(ids)).findFirst().orElse(null);
    }

    /**
     * The column of text that tells the rows of all times apart, where many rows repeat one, or by its name and the order of rows
     * the series whose rows take turns; null without.
     */
    TextColumn naming(Growable.Longs times) {
        if (candidates.stream().noneMatch(TextColumn::isText)) return null;
        long[] sorted = times.stream().sorted().toArray();
        if (areMany(sorted)) {
            TextColumn found = separating(order(sorted.length, times::get), sorted);
            if (found != null && found.isText()) return found;
        }
        return candidates.stream()
                .filter(one -> takeTurns(one, times, sorted))
                .max(Comparator.comparingInt(one -> one.texts().size()))
                .orElse(null);
    }

    /**
     * Whether a column of text has the names of series, each of which has many rows between those of the others: of sensors or the
     * like, by its name, at irregular times or each at regular ones of its own; or of any that are regular only one by one.
     */
    private boolean takeTurns(TextColumn column, Growable.Longs times, long[] sorted) {
        int ids = column.texts().size();
        if (!column.isText() || haveAmounts || !haveManyRows(column)) return false;
        boolean isNamed = SOURCES.matcher(column.name()).matches();
        double most = isNamed ? HALF : NEARLY_ALL; // the differences that are regular
        boolean areMixed = !isRegular(sorted, most);
        if (!isNamed && (!areMixed || FrequencyFinder.areDates(sorted) || isRegularWhereOpen(sorted))) return false;
        int[] rows = order(sorted.length, times::get);
        long turns = IntStream.range(1, rows.length)
                .filter(i -> column.rows().get(rows[i]) != column.rows().get(rows[i - 1]))
                .count();
        Map<Integer, List<Integer>> own = IntStream.of(rows).boxed().collect(Collectors.groupingBy(column.rows()::get));
        int longest = own.values().stream().mapToInt(List::size).max().orElse(0);
        // Series that follow each other, like batches, have one turn each.
        if (turns * 3 < rows.length - longest) return false;
        if (isNamed && areMixed) return true;
        long regular = own.values()
                .stream()
                .filter(some -> isRegular(some.stream().mapToLong(times::get).toArray(), NEARLY_ALL))
                .count();
        // A sensor may be new or lose readings.
        return isNamed ? regular * 2 > ids : regular == ids;
    }

    /** Whether sorted times are nearly all steps of a grid without the weekdays and hours at which something is closed. */
    private static boolean isRegularWhereOpen(long[] sorted) {
        long[] distinct = LongStream.of(sorted).distinct().toArray();
        Frequency step = distinct.length < 3 ? null : FrequencyFinder.frequency(distinct, false);
        boolean lieOn = step != null && step.kind() == Frequency.Kind.MILLIS
                && LongStream.of(distinct).allMatch(time -> (time - distinct[0]) % step.count() == 0);
        return lieOn && FrequencyFinder.fillOpenTimes(distinct, step, NEARLY_ALL);
    }

    /** Whether sorted times have a frequency that more than a share of the differences are, or months. */
    private static boolean isRegular(long[] sorted, double share) {
        long[] distinct = LongStream.of(sorted).distinct().toArray();
        Frequency frequency = distinct.length < 3 ? null : FrequencyFinder.frequency(distinct, false);
        if (frequency == null || frequency.kind() != Frequency.Kind.MILLIS) return frequency != null;
        long equal = LongStream.of(FrequencyFinder.steps(distinct)).filter(step -> step == frequency.count()).count();
        return equal > share * (distinct.length - 1);
    }

    /** The numbers of rows, sorted by their times. */
    static int[] order(int rows, IntToLongFunction times) {
        return IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingLong(times::applyAsLong))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * Whether the rows are those of receipts or the like, to be summed by step: many contradict another of their time, not all
     * times have as many, and no column tells them apart.
     *
     * @param rows the rows, sorted by time
     * @param times the times of these rows
     */
    boolean areOfSteps(Rows source, int[] rows, long[] times) {
        if (!mayJoin || contradictions(source, rows, times) * REPEATING < times.length) return false;
        long[] first = IntStream.range(1, times.length).filter(i -> times[i] != times[i - 1]).asLongStream().toArray();
        long steps = LongStream.of(FrequencyFinder.steps(first)).distinct().count();
        return steps > 1 && separating(rows, times) == null;
    }

    /** Whether many rows share a time, of those that are sorted by it. */
    static boolean areMany(long[] times) {
        return repeats(times) * REPEATING >= times.length;
    }

    /** The number of times that equal the previous one. */
    private static long repeats(long[] times) {
        return LongStream.of(FrequencyFinder.steps(times)).filter(step -> step == 0).count();
    }

    /**
     * Says what is wrong with the repeated times of one series, and what to do; null when the rows can be merged.
     *
     * @param source the values of the rows
     * @param rows the rows, sorted by time
     * @param times the times of these rows
     */
    String problem(Rows source, int[] rows, long[] times) {
        long repeats = repeats(times);
        long contradictions = contradictions(source, rows, times);
        boolean contradicting = contradictions > 1 && contradictions * CONTRADICTING >= rows.length;
        if (!contradicting && repeats * SEPARATED < Math.max(1, rows.length)) return null;
        TextColumn column = separating(rows, times);
        if (!contradicting && (column == null || !column.isText())) return null;
        String found = "is repeated (" + (repeats == 1 ? "1 row repeats a time" : repeats + " rows repeat a time")
                + ")";
        if (column == null) {
            return found + " with other values; name the id column, which tells the series apart (--id; several as"
                    + " --id store,item), or a second column of the time (--time date+hour); rows of one series, as of"
                    + " receipts, are joined with --resample sum, mean or last";
        }
        return found + "; column " + Printable.quoted(column.name())
                + " distinguishes the rows: name it as an id column (--id; several as --id store,item)"
                + (column.isText() || !isHour(column)
                        ? ""
                        : ", or join it with the time (--time " + Printable.quoted(source.time + "+" + column.name())
                                + ")");
    }

    /** Whether all numbers of a column can be read behind the dates, as hours. */
    private boolean isHour(TextColumn column) {
        List<Row> rows = column.distinct().stream().map(cell -> {
            String[] cells = first.cells().clone();
            cells[column.index()] = cell;
            return new Row(cells, first.line());
        }).toList();
        List<Integer> joined = new ArrayList<>(time);
        joined.add(column.index());
        return new TimeFinder(header, rows, Set.of(), null).makeTimes(rows, joined);
    }

    private static long contradictions(Rows source, int[] rows, long[] times) {
        return IntStream.range(1, times.length)
                .filter(i -> times[i] == times[i - 1] && contradict(source, rows[i - 1], rows[i]))
                .count();
    }

    private static boolean contradict(Rows source, int a, int b) {
        for (int column = 0; column < source.names.size(); column++) {
            double first = source.value(a, column);
            double second = source.value(b, column);
            if (first != second && !Double.isNaN(first) && !Double.isNaN(second)) return true;
        }
        return false;
    }

    /**
     * The column that differs between all rows of the same time; null when no column does. Columns of text come before
     * numbers, then the column with the fewest different values. A column whose values hardly recur, such as a remark
     * or a measurement, does not count.
     */
    private TextColumn separating(int[] rows, long[] times) {
        TextColumn best = null;
        int fewest = 0;
        for (TextColumn candidate : candidates) {
            // Longer numbers may identify customers, whose rows are summed.
            if (!candidate.isText() && candidate.distinct().get(0).length() > LONGEST_NUMBER) continue;
            int distinct = distinct(candidate, rows, 0, rows.length);
            boolean better = best == null
                    || (candidate.isText() == best.isText() ? distinct < fewest : candidate.isText());
            if (better && distinct * 2 <= rows.length && separates(candidate, rows, times)) {
                best = candidate;
                fewest = distinct;
            }
        }
        return best;
    }

    private static boolean separates(TextColumn candidate, int[] rows, long[] times) {
        int start = 0;
        for (int i = 1; i <= times.length; i++) {
            if (i < times.length && times[i] == times[start]) continue;
            if (i - start > 1 && distinct(candidate, rows, start, i) < i - start) return false;
            start = i;
        }
        return true;
    }

    private static int distinct(TextColumn candidate, int[] rows, int from, int to) {
        return (int) Arrays.stream(rows, from, to).map(candidate.rows()::get).distinct().count();
    }

    /**
     * The cells of a column in which texts recur, each different one kept once.
     *
     * @param isText whether the first cells are text; otherwise they are whole numbers
     * @param texts the cells that differ, with their numbers
     * @param distinct the same by their numbers
     * @param rows the number of the cell of each row
     */
    record TextColumn(String name, int index, boolean isText, Map<String, Integer> texts, List<String> distinct,
            Growable.Ints rows) {
        private static final int BYTES_PER_TEXT = 100;

        TextColumn(String name, int index, boolean isText) {
            this(name, index, isText, new HashMap<>(), new ArrayList<>(), new Growable.Ints());
        }

        /** Adds the cell of a row, and returns the bytes that this takes. */
        long add(Row row) {
            String cell = row.cell(index);
            Integer number = texts.putIfAbsent(cell, texts.size());
            rows.add(number != null ? number : distinct.size());
            if (number != null) return Integer.BYTES;
            distinct.add(cell);
            return Integer.BYTES + BYTES_PER_TEXT + 2L * cell.length();
        }

        String cell(int row) {
            return distinct.get(rows.get(row));
        }
    }
}
