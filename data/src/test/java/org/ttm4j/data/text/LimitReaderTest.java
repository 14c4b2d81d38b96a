package org.ttm4j.data.text;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.Random;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class LimitReaderTest {
    /** The most columns that the limit allows are those that Commons CSV finds. */
    @RepeatedTest(500)
    void cellsAreCountedAsTheParserSplitsThem(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        String alphabet = "ab,,,\"\"\"\n\r \t\f#\u2028";
        StringBuilder text = new StringBuilder();
        for (int i = 5 + random.nextInt(60); i > 0; i--)
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        Dialect dialect = new Dialect(',', '.', random.nextBoolean() ? '#' : '\0', null, 0);
        int most = 0;
        try (CSVParser parser = parser(text, dialect, 1000)) {
            for (CSVRecord record : parser) most = Math.max(most, record.size());
        } catch (IOException | java.io.UncheckedIOException e) {
            return; // the parser refuses the text
        }
        if (most < 2) return;
        int columns = most;
        try (CSVParser parser = parser(text, dialect, columns)) {
            assertTrue(parser.stream().count() > 0, "seed " + seed);
        }
        assertThrows(java.io.UncheckedIOException.class, () -> {
            try (CSVParser parser = parser(text, dialect, columns - 1)) {
                parser.stream().count();
            }
        }, "seed " + seed);
    }

    private static CSVParser parser(CharSequence text, Dialect dialect, int columns) throws IOException {
        CsvLimits limits = new CsvLimits(columns, 1000, 1000, 1000, 20);
        return CSVParser.builder()
                .setReader(new CsvRows.LimitReader(new StringReader(text.toString()), "x", dialect, limits, 1))
                .setFormat(CsvRows.format(dialect))
                .get();
    }
}
