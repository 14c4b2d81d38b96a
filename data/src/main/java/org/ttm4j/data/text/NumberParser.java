package org.ttm4j.data.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.ttm4j.data.series.Printable;

/**
 * Reads the numeric cells of one file: digits with at most one decimal mark and one exponent. Digits may be grouped by
 * thousands, and a currency sign or a unit may stand beside them ({@link DecoratedNumber}). All numbers of a file have
 * one decimal mark. Where it is not known, the first number with a mark decides, by the probable one if it is like 1,234.
 * Not thread-safe.
 */
public final class NumberParser {
    private static final Set<String> MISSING = Set.of("na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "–", "—",
            "?", ".", "..", "n.a.", "n. a.", "#div/0!", "#ref!", "#value!", "#num!", "#name?", "#null!", "\\n", "…",
            "...", "k.a.", "k. a.", "n.v.", "#nv", "#wert!", "#bezug!", "#zahl!", "(leer)", "(blank)", "missing",
            "unknown", "unavailable", "<lod", "<loq", "nd", "n.d.", "bdl", ":", "n/e");
    /** Of these, Ice and Eqp are what the Geological Survey of the USA writes for a frozen river and a broken gauge. */
    private static final Set<String> MISSING_AMONG_NUMBERS = Set.of("---", "/", "M", "***", "Ice", "Eqp");
    /** Letters of Eurostat behind a number, or behind a colon for none: a break, confidential, estimated, provisional, revised. */
    private static final Pattern FLAGS = Pattern
            .compile("[bcdefnprsuz]|b[cdefprsu]|c[deu]|d[efpu]|e[pru]|fu|nu|p[ru]|ru");
    /** A dash beside the sign of a currency, as workbooks write it for no amount. */
    private static final Pattern NO_MONEY = Pattern.compile("\\p{Sc}[\\s\u00a0\u202f]*-|-[\\s\u00a0\u202f]*\\p{Sc}");
    private static final Set<String> INFINITE = Set.of("inf", "infinity", "∞");
    /** The digits of a group. */
    private static final int THOUSANDS = 3;
    /** A month of a year, which in the first column is a time and no number. */
    private static final Pattern MONTH = Pattern
            .compile("(0[1-9]|1[0-2])\\.(19|20)\\d\\d|(19|20)\\d\\d\\.(0[1-9]|1[0-2])");
    private static final int LONGEST_WORD = 11;
    private static final int LONGEST_NO_MONEY = 8;
    private static final int DIGITS_OF_LONG = 18;
    /** Whole numbers up to here are doubles. */
    private static final long EXACT = 1L << 53;
    /** Those up to 10^22 are exact in double precision. */
    private static final double[] POWERS_OF_TEN = DoubleStream.iterate(1, power -> power * 10)
            .limit(DIGITS_OF_LONG + 1)
            .toArray();

    private final char probable;
    private final boolean mayGroup;
    private char mark;
    private String assumed;
    private double value;
    private String unit = "";
    private boolean isBound;

    /**
     * @param mark the decimal mark; 0 when it is not known
     * @param probable the mark of numbers such as 1,234 where it is not known
     * @param mayGroup whether what comes before such a number can show that its sign separates thousands
     */
    private NumberParser(char mark, char probable, boolean mayGroup) {
        this.mark = mark;
        this.probable = probable;
        this.mayGroup = mayGroup;
    }

    /** A parser for the numbers of a file that is written so. */
    public static NumberParser of(Dialect dialect) {
        return new NumberParser(dialect.decimal(), probable(dialect.delimiter()), dialect.delimiter() != ',');
    }

    /** The mark of a file that shows none. */
    private static char probable(char delimiter) {
        return delimiter == ';' ? ',' : '.';
    }

    /**
     * The decimal mark that most numbers of a file must have. Where all can be read both ways, as 1,234 can, a point is a decimal
     * mark; a comma is one only where it is no delimiter but the semicolon is. A mark that a column has in some numbers, while
     * others are whole and have three digits at most, separates thousands: 998, 1.003, 1.012.
     *
     * @param rows the first rows of data
     * @param doubts takes what is in doubt where all can be read both ways; a point in a file of commas leaves none
     * @return 0 when no number has a mark
     */
    public static char decimal(List<Row> rows, char delimiter, Consumer<String> doubts) {
        int commas = 0;
        int points = 0;
        String openComma = null;
        String openPoint = null;
        for (Row row : rows) {
            for (int i = 0; i < row.size(); i++) {
                DecoratedNumber number = DecoratedNumber.of(row.cell(i));
                if (number == null || i == 0 && MONTH.matcher(row.cell(i)).matches()) continue;
                char mark = number.mark();
                if (mark == 0) {
                    if (number.digits().indexOf(',') >= 0) openComma = number.digits();
                    else openPoint = number.digits();
                } else if (mark != DecoratedNumber.NONE && number.plain(mark) != null) {
                    commas += mark == ',' ? 1 : 0;
                    points += mark == '.' ? 1 : 0;
                }
            }
        }
        if (commas + points > 0) return commas > points ? ',' : '.';
        String open = openPoint != null ? openPoint : openComma;
        if (open == null) return 0;
        char mark = openPoint != null ? '.' : probable(delimiter);
        if (delimiter == ',' && openPoint != null) return mark;
        if (separatesThousands(openPoint != null ? '.' : ',', rows)) return openPoint != null ? ',' : '.';
        doubts.accept(reading(open, mark));
        return mark;
    }

    /** The reading of an ambiguous number, in words. */
    private static String reading(String open, char mark) {
        String read = open.indexOf(mark) >= 0 ? open.replace(',', '.') : open.replaceAll("[.,]", "");
        return Printable.quoted(open) + " read as " + read;
    }

    /** Whether a column has the mark in some numbers, and others are whole, three digits long and no longer. */
    private static boolean separatesThousands(char mark, List<Row> rows) {
        int columns = rows.stream().mapToInt(Row::size).max().orElse(0);
        for (int column = 0; column < columns; column++) {
            boolean marked = false;
            int longest = 0;
            for (Row row : rows) {
                DecoratedNumber number = DecoratedNumber.of(row.cell(column));
                if (number == null) continue;
                if (number.mark() == 0) marked |= number.digits().indexOf(mark) >= 0;
                else if (number.mark() == DecoratedNumber.NONE) longest = Math.max(longest, number.digits().length());
            }
            if (marked && longest == THOUSANDS) return true;
        }
        return false;
    }

    /** Whether a cell stands for a missing value. */
    public static boolean isMissing(String cell) {
        if (cell.isEmpty()) return true;
        if (cell.length() <= LONGEST_WORD && MISSING.contains(cell.toLowerCase(Locale.ROOT))) return true;
        if (cell.charAt(0) == ':') return isFlag(cell.substring(1).strip());
        return cell.length() <= LONGEST_NO_MONEY && cell.indexOf('-') >= 0 && NO_MONEY.matcher(cell).matches();
    }

    /** Whether a cell of numbers stands for a missing one; elsewhere a slash or M is a text, and three dashes are a rule. */
    public static boolean isMissingValue(String cell) {
        return isMissing(cell) || MISSING_AMONG_NUMBERS.contains(cell);
    }

    /** Whether what stands behind a number is what Eurostat says of it. */
    public static boolean isFlag(String unit) {
        return FLAGS.matcher(unit).matches();
    }

    /** Whether a cell is a number, whatever the decimal mark of the file. */
    public static boolean isNumber(String cell) {
        return DecoratedNumber.of(cell) != null && new NumberParser('\0', ',', false).read(cell);
    }

    /** Whether a cell has nothing but the digits of a number, grouped as those of numbers are, and their marks. */
    public static boolean isPlain(String cell) {
        DecoratedNumber number = DecoratedNumber.of(cell);
        return number != null && number.unit().isEmpty() && (number.plain('.') != null || number.plain(',') != null);
    }

    /** Whether a cell stands for an infinite value. */
    public static boolean isInfinite(String cell) {
        String unsigned = cell.startsWith("-") || cell.startsWith("+") ? cell.substring(1) : cell;
        return unsigned.length() <= LONGEST_WORD && INFINITE.contains(unsigned.toLowerCase(Locale.ROOT));
    }

    /** The number last read; infinite when it is beyond the range of double. */
    public double value() {
        return value;
    }

    /** The currency sign or unit beside the number last read; empty without. */
    public String unit() {
        return unit;
    }

    /** Whether the number last read stands for all below or above it, as {@code <1} does. */
    public boolean isBound() {
        return isBound;
    }

    /** The decimal mark; where no number has shown it, the probable one. */
    public char mark() {
        return mark == 0 ? probable : mark;
    }

    /**
     * How the first number was read that could be read in two ways where no mark was known, in a file that may have either; null
     * without.
     */
    public String assumed() {
        return assumed == null ? null : reading(assumed, mark());
    }

    /** Reads a cell. False when it is not a number. */
    public boolean read(String cell) {
        return read(cell, false);
    }

    /**
     * Reads a cell.
     *
     * @param groups whether the numbers before are like those of a column in which 1,234 is more than a thousand
     */
    public boolean read(String cell, boolean groups) {
        unit = "";
        isBound = false;
        if (readPlain(cell)) return true;
        DecoratedNumber number = DecoratedNumber.of(cell);
        if (number == null) return false;
        char own = number.mark();
        if (own == 0 && mark == 0) {
            boolean isPoint = number.digits().indexOf('.') >= 0;
            own = groups && mayGroup ? isPoint ? ',' : '.' : isPoint ? '.' : probable;
            if (mayGroup) assumed = number.digits();
        } else if (own == 0) own = mark;
        else if (own != DecoratedNumber.NONE && mark != 0 && own != mark) return false;
        String plain = number.plain(own == DecoratedNumber.NONE ? mark() : own);
        if (plain == null) return false;
        if (mark == 0 && own != DecoratedNumber.NONE) mark = own;
        value = Double.parseDouble(plain);
        unit = number.unit();
        isBound = number.isBound();
        return true;
    }

    /** Reads a number without groups and unit whose mark is known. */
    private boolean readPlain(String cell) {
        int length = cell.length();
        int at = 0;
        boolean negative = length > 0 && cell.charAt(0) == '-';
        if (negative || (length > 0 && cell.charAt(0) == '+')) at++;
        long mantissa = 0;
        int digits = 0;
        int decimals = 0;
        char seen = 0;
        for (; at < length; at++) {
            char c = cell.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
                decimals += seen != 0 ? 1 : 0;
                mantissa = mantissa * 10 + (c - '0');
            } else if (seen == 0 && mark != 0 && c == mark) {
                seen = c;
            } else {
                break;
            }
        }
        if (digits == 0 || at < length) return false;
        // Where both are exact, dividing rounds once, as parseDouble would, which would take most of the time.
        value = digits <= DIGITS_OF_LONG && mantissa <= EXACT
                ? (negative ? -mantissa : mantissa) / POWERS_OF_TEN[decimals]
                : Double.parseDouble(cell.replace(',', '.'));
        return true;
    }
}
