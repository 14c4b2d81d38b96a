package org.ttm4j.eval.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.csv.Dialect;

class CellsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"load|load", "-3.5|-3.5", "+2e-5|+2e-5", "-7|-7",
            "=cmd|'=cmd", "=1+1|'=1+1", "@SUM(A1)|'@SUM(A1)", "-2+3|'-2+3", "+x|'+x", "a\u001b[31m|a?[31m",
            "a\u202eb|a?b", "نام\u200cها|نام\u200cها"})
    void textsCommandNeitherTerminalsNorSpreadsheets(String text, String expected) throws IOException {
        StringBuilder row = new StringBuilder();
        new Cells(Dialect.COMMA).row(row, List.of(text, "1"));
        assertEquals(expected + ",1\n", row.toString());
    }
}
