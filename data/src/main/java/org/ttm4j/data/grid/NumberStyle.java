package org.ttm4j.data.grid;

import java.util.List;
import java.util.regex.Pattern;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.DecoratedNumber;
import org.ttm4j.data.text.Row;

/** Finds the decimal mark of a file from its first rows. */
final class NumberStyle {
    /** The digits of a group. */
    private static final int THOUSANDS = 3;
    /** A month of a year, which in the first column is a time and no number. */
    private static final Pattern MONTH = Pattern
            .compile("(0[1-9]|1[0-2])\\.(19|20)\\d\\d|(19|20)\\d\\d\\.(0[1-9]|1[0-2])");

    private NumberStyle() {}

    /**
     * The mark that most numbers must have. Where all can be read both ways, as 1,234 can, a point is a decimal mark; a
     * comma is one only where it is no delimiter but the semicolon is. A mark that a column has in some numbers, while
     * others are whole and have three digits at most, separates thousands: 998, 1.003, 1.012.
     *
     * @param rows the first rows of data
     * @param log takes the doubt where all can be read both ways; a point in a file of commas leaves none
     * @return 0 when no number has a mark
     */
    static char decimal(List<Row> rows, char delimiter, RepairReport.Log log) {
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
        assumed(open, mark, log);
        return mark;
    }

    /** Says how a number was read that can be read in two ways. */
    static void assumed(String open, char mark, RepairReport.Log log) {
        String read = open.indexOf(mark) >= 0 ? open.replace(',', '.') : open.replaceAll("[.,]", "");
        log.add(RepairReport.Kind.DECIMAL_MARK_ASSUMED, 1, () -> Printable.quoted(open) + " read as " + read);
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

    /** The mark of a file that shows none. */
    static char probable(char delimiter) {
        return delimiter == ';' ? ',' : '.';
    }
}
