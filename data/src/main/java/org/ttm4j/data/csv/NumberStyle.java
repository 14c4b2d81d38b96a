package org.ttm4j.data.csv;

import java.util.List;

/** Finds the decimal mark of a file from its first rows. */
final class NumberStyle {
    private NumberStyle() {}

    /**
     * The mark that most numbers must have. Where all can be read both ways, as 1,234 can, a point is a decimal mark; a
     * comma is one only where it is no delimiter but the semicolon is.
     *
     * @param rows the first rows of data
     * @return 0 when no number has a mark
     */
    static char decimal(List<Row> rows, char delimiter) {
        int commas = 0;
        int points = 0;
        boolean openComma = false;
        boolean openPoint = false;
        for (Row row : rows) {
            for (String cell : row.cells()) {
                DecoratedNumber number = DecoratedNumber.of(cell);
                if (number == null) continue;
                char mark = number.mark();
                if (mark == 0) {
                    openComma |= number.digits().indexOf(',') >= 0;
                    openPoint |= number.digits().indexOf('.') >= 0;
                } else if (mark != DecoratedNumber.NONE && number.plain(mark) != null) {
                    commas += mark == ',' ? 1 : 0;
                    points += mark == '.' ? 1 : 0;
                }
            }
        }
        if (commas + points > 0) return commas > points ? ',' : '.';
        if (openPoint) return '.';
        return openComma ? probable(delimiter) : 0;
    }

    /** The mark of a file that shows none. */
    static char probable(char delimiter) {
        return delimiter == ';' ? ',' : '.';
    }
}
