package org.ttm4j.eval.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Writes the rows of a table to a workbook. Times in ISO 8601 become Excel dates; those before 1901 stay texts. */
final class WorkbookRows implements Closeable {
    /** Excel has no earlier dates than 1900, and counts its February as one of a leap year. */
    private static final String SINCE_1901 = "(190[1-9]|19[1-9]\\d|[2-9]\\d{3})";

    private final Workbook workbook;
    private final Worksheet sheet;
    private int row;

    WorkbookRows(OutputStream out) {
        workbook = new Workbook(out, "ttm4j", null);
        sheet = workbook.newWorksheet("forecast");
    }

    void row(List<?> cells) throws IOException {
        if (row == Worksheet.MAX_ROWS) {
            throw new IOException("a workbook holds at most " + Worksheet.MAX_ROWS + " rows: name a .csv");
        }
        for (int column = 0; column < cells.size(); column++) {
            Object cell = cells.get(column);
            if (cell instanceof Number value) number(column, value);
            else text(column, (String) cell);
        }
        row++;
    }

    private void number(int column, Number value) {
        // The shortest decimal that is read as the same float.
        if (!Double.isNaN(value.doubleValue())) sheet.value(row, column, Double.valueOf(value.toString()));
    }

    private void text(int column, String text) {
        try {
            if (row > 0 && text.matches(SINCE_1901 + "-\\d{2}-\\d{2}")) {
                sheet.value(row, column, LocalDate.parse(text));
                sheet.style(row, column).format("yyyy-mm-dd").set();
                return;
            }
            if (row > 0 && text.matches(SINCE_1901 + "-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2})?")) {
                sheet.value(row, column, LocalDateTime.parse(text.replace(' ', 'T')));
                sheet.style(row, column).format("yyyy-mm-dd hh:mm:ss").set();
                return;
            }
        } catch (DateTimeParseException noDate) {
            // It may be an id that looks like a date.
        }
        sheet.value(row, column, text);
    }

    @Override
    public void close() throws IOException {
        workbook.close();
    }
}
