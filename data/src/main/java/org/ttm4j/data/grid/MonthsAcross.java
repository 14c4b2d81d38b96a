package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.MemoryBudget;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;
import org.ttm4j.data.time.TimeNames;

/**
 * A table of years down and months across, as offices of statistics write one series, unfolded: a row for each month. Columns
 * behind December, such as a mean, rows without a year, and the months after the last value are left out.
 */
final class MonthsAcross {
    private static final int MONTHS = 12;

    private MonthsAcross() {}

    /**
     * A row for each month, below a header of their own.
     *
     * @param header the row of months
     * @param ahead what was read behind it before
     * @throws DataException when memory does not suffice
     */
    static List<Row> rows(Row header, List<Row> ahead, RowReader behind, String file, CsvLimits limits, RepairLog log)
            throws IOException {
        MemoryBudget memory = new MemoryBudget(file, limits.bytes() / 2);
        List<Row> months = new ArrayList<>();
        months.add(new Row(new String[]{"time", "value"}, header.line()));
        for (Row row : ahead) unfold(row, months, memory, log);
        for (Row row = behind.read(); row != null; row = behind.read()) unfold(row, months, memory, log);
        while (months.size() > 1 && NumberParser.isMissing(months.get(months.size() - 1).cell(1))) {
            months.remove(months.size() - 1);
        }
        log.add(RepairReport.Kind.TABLE_TURNED, 1, () -> "line " + header.line() + ", a row for each month");
        return months;
    }

    private static void unfold(Row row, List<Row> months, MemoryBudget memory, RepairLog log) throws DataException {
        if (row.isBlank()) return;
        if (!TurnedRows.isYear(row.cell(0))) {
            log.add(RepairReport.Kind.TURNED_LEFT_OUT, 1, () -> Printable.shortened(row.cell(0)));
            return;
        }
        for (int month = 1; month <= MONTHS; month++) {
            String time = String.format(Locale.ROOT, "%s-%02d", row.cell(0), month);
            Row one = new Row(new String[]{time, month < row.size() ? row.cell(month) : ""}, row.line());
            memory.take(one.bytes(), row.line());
            months.add(one);
        }
    }

    /**
     * Whether a row has the twelve months behind its first cell.
     *
     * @param below the next row, which has to begin with a year; null without
     */
    static boolean isHeader(Row row, Row below) {
        if (below == null || row.size() <= MONTHS || !TurnedRows.isYear(below.cell(0))) return false;
        for (int month = 1; month <= MONTHS; month++) if (!isMonth(row.cell(month), month)) return false;
        return true;
    }

    private static boolean isMonth(String cell, int month) {
        if (cell.equals(Integer.toString(month)) || cell.equals("0" + month)) return true;
        return TimeNames.isMonth(cell, month);
    }
}
