package org.ttm4j.data.grid;

import java.util.List;
import java.util.Set;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/** The state of one column of values while a file is read: numbers, or text in all cells so far. */
final class ValueColumn {
    /** The fewest values of double between the least and the largest number. */
    private static final int FEWEST_LEVELS = 100;
    private static final int THOUSAND = 1000;
    /** What stands for a factor beside a number; others are units of measurement. */
    private static final Set<String> FACTORS = Set.of("k", "K", "M", "Mio", "Mio.", "B", "Mrd", "Mrd.", "Tsd", "Tsd.",
            "Mil", "Bil", "mln", "bn", "tys.");
    /** A letter is a factor where a bare number is so many times one with it: 987 beside 1.10 K, not 294 beside 293 K. */
    private static final double SHOWS_FACTOR = 3;

    final String name;
    final int index;
    private final String file;
    private final boolean named;
    /** Whether the numbers are ids, which are read as texts. */
    boolean isId;
    private final Categories categories; // null where texts are none
    private String unit; // that may stand beside the numbers; null to take that of the first number
    private String factor; // beside a number; null without
    private double largestWithout; // the size of a number without a factor
    private String letter; // beside a number, behind a blank: a factor or a unit
    private double leastWithLetter = Double.POSITIVE_INFINITY;

    private long numbers;
    private final boolean mayBeFlagged; // most of the first numbers have nothing beside them
    private long flagged; // numbers
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
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

    /** The unit of most numbers; empty when they have none or several, null when there are no numbers. */
    private static String unit(List<String> cells, NumberParser parser) {
        int numbers = 0;
        int united = 0;
        String unit = "";
        for (String cell : cells) {
            if (!parser.read(cell)) continue;
            numbers++;
            if (parser.unit().isEmpty()) continue;
            if (united++ > 0 && !parser.unit().equals(unit)) return "";
            unit = parser.unit();
        }
        return numbers == 0 ? null : united * 2 > numbers ? unit : "";
    }

    /** Whether the column holds at least one number. */
    boolean isNumeric() {
        return numbers > 0;
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
        boolean isNumber = parser.read(cell, groups);
        if (isNumber && (isUnit(parser.unit()) || isFlagged(cell, line, parser.unit()))) {
            requireFactors(cell, line, parser);
            if (text != null) throw notANumber(textLine, text);
            numbers++;
            least = Math.min(least, parser.value());
            largest = Math.max(largest, parser.value());
            if (parser.isBound())
                repairs.add(RepairReport.Kind.BOUNDS, 1, () -> place(line) + " (" + Printable.shortened(cell) + ")");
            if (Float.isInfinite((float) parser.value())) {
                throw new DataException(file, line, name,
                        Printable.quoted(cell) + " is beyond the range of float (±3.4e38)");
            }
            return parser.value();
        }
        if (NumberParser.isMissingValue(cell)) {
            repairs.add(RepairReport.Kind.CELLS_MISSING, 1, () -> place(line));
        } else if (NumberParser.isInfinite(cell)) {
            throw new DataException(file, line, name, "expected a finite number, found " + Printable.quoted(cell));
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

    /** Whether a blank and a flag stand behind a number in a column of which most have neither flag nor unit. */
    private boolean isFlagged(String cell, long line, String found) {
        if (!mayBeFlagged || !NumberParser.isFlag(found) || !cell.endsWith(" " + found)) return false;
        if (++flagged > numbers + ColumnLayout.PEEKED) return false;
        repairs.add(RepairReport.Kind.FLAGS, 1, () -> place(line) + " (" + Printable.shortened(cell) + ")");
        return true;
    }

    private boolean isUnit(String found) {
        if (unit == null) unit = found;
        return found.isEmpty() || found.equals(unit);
    }

    /** Reports the missing cells and rounded values, or that the column is left out. */
    void report(RepairReport.Log log) throws DataException {
        if (isNumeric()) {
            // Few values of double lie between the least and the largest number.
            double step = Math.ulp(Math.max(Math.abs(least), Math.abs(largest)));
            boolean isRounded = largest > least && largest - least < FEWEST_LEVELS * step;
            if (isRounded) log.add(RepairReport.Kind.VALUES_ROUNDED, 1, () -> Printable.shortened(name));
            log.addAll(repairs);
        } else if (named) {
            throw new DataException(file, 0, name, "expected numbers, found only missing cells");
        } else {
            log.add(RepairReport.Kind.COLUMNS_IGNORED, 1, () -> Printable.shortened(name));
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
        return new DataException(file, line, name, "expected a number, found " + Printable.quoted(cell)
                + "; leave the cell empty where the value is missing");
    }
}
