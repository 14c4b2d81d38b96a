package org.ttm4j.eval.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.text.Dialect;

class CellsTest {
    @Test
    @Timeout(60)
    void idsOfThousandsOfDigitsTakeNoLongerThanOthers() throws IOException {
        String id = "-" + "1".repeat(10_000) + "x";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 1000; i++) new Cells(Dialect.COMMA).row(rows, List.of(id, "1"));
        assertEquals(1000 * ("'" + id + ",1\n").length(), rows.length());
    }

    @Test
    void monthsBeyondTheYear9999HaveASignAsDatesHave() {
        assertEquals("2024-01", IsoTimes.text(YearMonth.of(2024, 1)));
        assertEquals("+10000-01", IsoTimes.text(YearMonth.of(10_000, 1)));
        assertEquals(YearMonth.of(10_000, 1), YearMonth.parse(IsoTimes.text(YearMonth.of(10_000, 1))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"load|load", "-3.5|-3.5", "+2e-5|+2e-5", "-7|-7",
            "-.5|-.5", "-5.|'-5.", "-1.2.3|'-1.2.3", "=cmd|'=cmd", "=1+1|'=1+1", "@SUM(A1)|'@SUM(A1)", "-2+3|'-2+3",
            "+x|'+x", "a\u001b[31m|a?[31m", "a\u202eb|a?b", "نام\u200cها|نام\u200cها"})
    void textsCommandNeitherTerminalsNorSpreadsheets(String text, String expected) throws IOException {
        StringBuilder row = new StringBuilder();
        new Cells(Dialect.COMMA).row(row, List.of(text, "1"));
        assertEquals(expected + ",1\n", row.toString());
    }
}
