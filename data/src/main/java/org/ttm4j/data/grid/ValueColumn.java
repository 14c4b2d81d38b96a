package org.ttm4j.data.grid;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/** The state of one column of values while a file is read: numbers, or text in all cells so far. */
final class ValueColumn {
    /** The fewest values of double between the least and the largest number. */
    private static final int FEWEST_LEVELS = 100;
    private static final int THOUSAND = 1000;
    private static final int FEWEST_OF_FILLS = 10;
    /** What stands for a factor beside a number; others are units of measurement. */
    private static final Set<String> FACTORS = Set.of("k", "K", "M", "Mio", "Mio.", "B", "Mrd", "Mrd.", "Tsd", "Tsd.",
            "Mil", "Bil", "mln", "bn", "tys.");
    /** What stands behind an amount that is taken, and behind one that is given. */
    private static final List<Set<String>> SIGNS = List.of(Set.of("s", "h"), Set.of("soll", "haben"), Set.of("d", "c"),
            Set.of("dr", "cr"), Set.of("db", "cr"), Set.of("debit", "credit"));
    /** Flags behind numbers that elsewhere are a unit, or mark a debit. */
    private static final Set<String> DOUBTFUL_FLAGS = Set.of("s", "d");
    /** Behind a number, that of a footnote or a flag in parentheses. */
    private static final Pattern MARK = Pattern.compile("\\s*(\\*{1,3}|\\([a-zA-Z]{1,2}\\))$");
    private static final Set<String> NEGATIVE = Set.of("s", "soll", "d", "dr", "db", "debit");
    private static final Pattern NAMES_OF_SIGNS = Pattern.compile("(?i)(s|d|dr|soll|debit)[ /_-]*(h|c|cr|haben|credit)"
            + "|(c|cr|credit)[ /_-]*(d|dr|debit)|.*(kennzeichen|kz|vorzeichen|sign|indicator)");
    /** Names of columns of means of payment, in which debit is a kind of card. */
    private static final Pattern MEANS_OF_PAYMENT = Pattern
            .compile("(?i).*(card|karte|carte|tarjeta|tender|method|payment|pay[ _-]?type|zahl).*");
    /** Factors beside which B may be bytes as well as billions. */
    private static final Set<String> FACTORS_OF_SIZES = Set.of("k", "K", "G");
    /** Units of one kind, and how large each is: factors, sizes of data, and durations. */
    private static final List<Map<String, Double>> KINDS = List.of(
            Map.ofEntries(entry("k", 1e3), entry("K", 1e3), entry("Tsd", 1e3), entry("Tsd.", 1e3), entry("M", 1e6),
                    entry("Mio", 1e6), entry("Mio.", 1e6), entry("mln", 1e6), entry("B", 1e9), entry("G", 1e9),
                    entry("bn", 1e9), entry("Mrd", 1e9), entry("Mrd.", 1e9), entry("T", 1e12)),
            Map.ofEntries(entry("B", 1.0), entry("kB", 1e3), entry("KB", 1e3), entry("MB", 1e6), entry("GB", 1e9),
                    entry("TB", 1e12), entry("KiB", 0x1p10), entry("MiB", 0x1p20), entry("GiB", 0x1p30),
                    entry("TiB", 0x1p40)),
            Map.of("ns", 1e-9, "us", 1e-6, "µs", 1e-6, "μs", 1e-6, "ms", 1e-3, "s", 1.0, "min", 60.0, "h", 3600.0));
    /** A letter is a factor if a bare number is so many times one with the letter: 987 and 1.10 K, not 294 and 293 K. */
    private static final double SHOWS_FACTOR = 3;

    final String name;
    final int index;
    private final String file;
    private final boolean named;
    /** Whether the numbers are ids, which are read as texts. */
    boolean isId;
    private final Categories categories; // null where texts are none
    int signs = -1; // the column of words such as debit, by which numbers are negative; none below 0
    private String unit; // that may stand beside the numbers; null to take that of the first number
    private String factor; // beside a number; null without
    private double largestWithout; // the size of a number without a factor
    private String letter; // beside a number, behind a blank: a factor or a unit
    private double leastWithLetter = Double.POSITIVE_INFINITY;

    private long numbers;
    private final boolean mayBeFlagged; // most of the first numbers have nothing beside them
    private long flagged; // numbers
    private boolean hasSureFlag;
    private String doubtful; // the first cell with a flag that may be none; null without
    private long doubtfulLine;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private boolean isFill; // the same number in all cells, which stands for none
    private long textLine;
    private String text;
    private final RepairReport.Log repairs = new RepairReport.Log();

    /**
     * @param rows the first ones
     * @param index the place of the column in a row
     * @param named whether the caller named the column, which then must hold numbers
     * @param categories the numbers of texts, where the column may hold them
     */
    ValueColumn(Table table, List<Row> rows, String file, int index, boolean named, Categories categories) {
        this.file = file;
        name = table.header.get(index);
        this.index = index;
        this.named = named;
        this.categories = categories != null && categories.contains(name) ? categories : null;
        List<String> first = rows.stream().map(row -> row.cell(index)).toList();
        unit = unit(first, table.numbers());
        long bare = first.stream().filter(NumberParser::isPlain).count();
        mayBeFlagged = bare > 0 && bare * 2 >= first.stream().filter(NumberParser::isNumber).count();
        if (this.categories == null) return;
        // "none" is a missing number, and a text.
        first.stream()
                .filter(cell -> !NumberParser.isMissing(cell))
                .findFirst()
                .ifPresent(cell -> categories.decide(name, table.numbers().read(cell)));
    }

    /** The unit of most numbers, the first of one kind; empty when they have none or several, null without numbers. */
    private static String unit(List<String> cells, NumberParser parser) {
        int numbers = 0;
        int united = 0;
        String unit = "";
        for (String cell : cells) {
            if (!parser.read(cell)) continue;
            numbers++;
            if (parser.unit().isEmpty()) continue;
            if (united++ == 0) unit = parser.unit();
            else if (!parser.unit().equals(unit) && kind(parser.unit(), unit) == null) return "";
        }
        return numbers == 0 ? null : united * 2 > numbers ? unit : "";
    }

    /**
     * Finds out whether the next column says which of these amounts are negative, as of banks that write expenses as 5.20 and S.
     *
     * @param rows the first ones
     */
    void findSigns(Table table, List<Row> rows) {
        int next = index + 1;
        if (areTexts() || next >= table.header.size() || !StepRule.isPaid(name)) return;
        Set<String> words = rows.stream()
                .map(row -> row.cell(next).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> pair = SIGNS.stream().filter(both -> both.containsAll(words)).findFirst().orElse(Set.of());
        boolean arePositive = rows.stream().map(row -> row.cell(index)).noneMatch(cell -> cell.contains("-"));
        // A single letter may mean something else.
        boolean isNamed = !table.isNamed(next) || !words.stream().allMatch(word -> word.length() == 1)
                || NAMES_OF_SIGNS.matcher(table.header.get(next)).matches();
        boolean isPayment = table.isNamed(next) && MEANS_OF_PAYMENT.matcher(table.header.get(next)).matches();
        if (!words.isEmpty() && !pair.isEmpty() && arePositive && isNamed && !isPayment) signs = next;
    }

    /** The value of the cell of a row, negative where the next column says so. */
    double read(Row row, NumberParser parser) throws DataException {
        double value;
        try {
            value = read(row.cell(index), row.line(), parser);
        } catch (DataException e) {
            // Of ids and codes, some may be numbers.
            if (named || mayBeTexts() || !ColumnLayout.isNumber(name)) throw e;
            isId = true;
            text = row.cell(index);
            textLine = row.line();
            return Double.NaN;
        }
        if (signs < 0 || !(value > 0) || !NEGATIVE.contains(row.cell(signs).toLowerCase(Locale.ROOT))) return value;
        repairs.add(RepairReport.Kind.SIGNS, 1,
                () -> place(row.line()) + " (" + Printable.shortened(row.cell(index) + " " + row.cell(signs)) + ")");
        return -value;
    }

    /** The kind of two units; null where they have none in common. */
    private static Map<String, Double> kind(String one, String other) {
        if ("B".equals(one) && FACTORS_OF_SIZES.contains(other)
                || "B".equals(other) && FACTORS_OF_SIZES.contains(one)) {
            return null;
        }
        for (Map<String, Double> kind : KINDS) if (kind.containsKey(one) && kind.containsKey(other)) return kind;
        return null;
    }

    /** Whether the column holds at least one number. */
    boolean isNumeric() {
        return numbers > 0 && !isFill && !isId;
    }

    /** Takes a column whose numbers all are a fill value, such as -9999, as one without numbers; true if it is one. */
    boolean ignoreFill() {
        isFill = !named && numbers >= FEWEST_OF_FILLS && least == largest && Rows.isOfNines(-least);
        return isFill;
    }

    /** The value of a cell; NaN when it is missing or the column has only had text so far. */
    double read(String cell, long line, NumberParser parser) throws DataException {
        if (categories != null && !categories.areTexts(name) && !NumberParser.isMissing(cell)) {
            categories.decide(name, parser.read(cell));
        }
        if (isId) return Double.NaN;
        if (areTexts()) return code(cell, line);
        // Behind whole numbers that are three digits long and no longer.
        boolean groups = largest >= THOUSAND / 10 && largest < THOUSAND && least >= 0;
        String unmarked = unmarked(cell);
        boolean isMarked = unmarked.length() < cell.length();
        boolean isNumber = parser.read(unmarked, groups);
        boolean isOfUnit = isNumber && !isMarked && isUnit(parser.unit());
        Map<String, Double> kind = isNumber && !isOfUnit ? kind(parser.unit(), unit) : null;
        boolean isConverted = kind != null;
        if (isOfUnit || isConverted || isNumber && isFlagged(cell, line, isMarked, parser.unit())) {
            if (isConverted) factor = parser.unit();
            requireFactors(cell, line, parser);
            double value = isConverted ? parser.value() * kind.get(parser.unit()) / kind.get(unit) : parser.value();
            if (text != null) throw notANumber(textLine, text);
            numbers++;
            least = Math.min(least, value);
            largest = Math.max(largest, value);
            if (isConverted) {
                repairs.add(RepairReport.Kind.UNITS_CONVERTED, 1,
                        () -> place(line) + " (" + Printable.shortened(cell) + ", to " + unit + ")");
            }
            if (parser.isBound())
                repairs.add(RepairReport.Kind.BOUNDS, 1, () -> place(line) + " (" + Printable.shortened(cell) + ")");
            if (Float.isInfinite((float) value)) {
                throw new DataException(file, line, name,
                        Printable.quoted(cell) + " is beyond the range of float (±3.4e38)");
            }
            return value;
        }
        if (NumberParser.isMissingValue(cell)) {
            repairs.add(RepairReport.Kind.CELLS_MISSING, 1, () -> place(line));
        } else if (NumberParser.isInfinite(cell)) {
            throw new DataException(file, line, name, "expected a finite number, found " + Printable.quoted(cell));
        } else if (isNumber && numbers > 0 && !unit.isEmpty()) {
            throw new DataException(file, line, name,
                    "found " + Printable.quoted(cell) + " in a column that has numbers with " + Printable.quoted(unit)
                            + "; write all of them with one unit" + orIgnore());
        } else if (named || numbers > 0) {
            throw notANumber(line, cell);
        } else if (text == null) {
            text = cell;
            textLine = line;
        }
        return Double.NaN;
    }

    /** A number without the factor of the others is not as large as it seems beside them; 0 is. */
    private void requireFactors(String cell, long line, NumberParser parser) throws DataException {
        String found = parser.unit();
        int before = cell.length() - found.length() - 1;
        double size = Math.abs(parser.value());
        if (found.isEmpty()) {
            largestWithout = Math.max(largestWithout, size);
        } else if (FACTORS.contains(found) && before >= 0) {
            // 293 K has a unit, and 1.2K a factor.
            if (found.length() > 1 || Character.isDigit(cell.charAt(before))) {
                factor = found;
            } else if (size > 0) {
                letter = found;
                leastWithLetter = Math.min(leastWithLetter, size);
            }
        }
        if (factor == null && largestWithout > SHOWS_FACTOR * leastWithLetter) factor = letter;
        if (factor == null || largestWithout == 0) return;
        throw new DataException(file, line, name,
                "found " + Printable.quoted(cell) + " in a column that has numbers with " + Printable.quoted(factor)
                        + " and without; write all of them with it or none");
    }

    boolean mayBeTexts() {
        return categories != null;
    }

    /** Whether the values are numbers of texts. */
    boolean areTexts() {
        return categories != null && categories.areTexts(name);
    }

    private double code(String cell, long line) throws DataException {
        try {
            double code = categories.code(name, cell);
            if (Double.isNaN(code)) repairs.add(RepairReport.Kind.CELLS_MISSING, 1, () -> place(line));
            else numbers++;
            return code;
        } catch (IllegalArgumentException e) {
            throw new DataException(file, line, name, e.getMessage());
        }
    }

    /** A number without the mark of a footnote, where most have none, or the bound that T, a trace of rain, is; others as they are. */
    private String unmarked(String cell) {
        if (mayBeFlagged && cell.equals("T")) return "<0";
        if (!mayBeFlagged || !cell.endsWith("*") && !cell.endsWith(")")) return cell;
        String unmarked = MARK.matcher(cell).replaceFirst("");
        return NumberParser.isPlain(unmarked) ? unmarked : cell;
    }

    /** Whether a mark, or a blank and a flag, stands behind a number in a column of which most have neither flag nor unit. */
    private boolean isFlagged(String cell, long line, boolean isMarked, String found) {
        if (!mayBeFlagged || !isMarked && !(NumberParser.isFlag(found) && cell.endsWith(" " + found))) return false;
        if (++flagged > numbers + ColumnLayout.PEEKED) return false;
        if (!DOUBTFUL_FLAGS.contains(found)) {
            hasSureFlag = true;
        } else if (doubtful == null) {
            doubtful = cell;
            doubtfulLine = line;
        }
        repairs.add(RepairReport.Kind.FLAGS, 1, () -> place(line) + " (" + Printable.shortened(cell) + ")");
        return true;
    }

    private boolean isUnit(String found) {
        if (unit == null) unit = found;
        return found.isEmpty() || found.equals(unit);
    }

    /** Reports the missing cells and rounded values, or that the column is left out. */
    void report(RepairReport.Log log) throws DataException {
        if (doubtful != null && !hasSureFlag) throw notANumber(doubtfulLine, doubtful);
        if (isNumeric()) {
            // Few values of double lie between the least and the largest number.
            double step = Math.ulp(Math.max(Math.abs(least), Math.abs(largest)));
            boolean isRounded = largest > least && largest - least < FEWEST_LEVELS * step;
            if (isRounded) log.add(RepairReport.Kind.VALUES_ROUNDED, 1, () -> Printable.shortened(name));
            log.addAll(repairs);
        } else if (named) {
            throw new DataException(file, 0, name, "expected numbers, found only missing cells");
        } else {
            log.add(RepairReport.Kind.COLUMNS_IGNORED, 1,
                    () -> Printable.shortened(name) + (isFill ? " (all " + (long) least + ")" : ""));
        }
    }

    /** Words on the first cell that is no number; null without. */
    String text() {
        return text == null ? null : ", of which " + place(textLine) + ", has " + Printable.quoted(text);
    }

    private String place(long line) {
        return "line " + line + ", column " + Printable.shortened(name);
    }

    private DataException notANumber(long line, String cell) {
        return new DataException(file, line, name,
                "expected a number, found " + Printable.quoted(cell)
                        + (mayBeTexts()
                                ? "; a column of categories begins with a text: write words for its numbers"
                                : "; leave the cell empty where the value is missing")
                        + orIgnore());
    }

    private String orIgnore() {
        return named || mayBeTexts() ? "" : ", or --ignore " + Printable.quoted(name);
    }
}
