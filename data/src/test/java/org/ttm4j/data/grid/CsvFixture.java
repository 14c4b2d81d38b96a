package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/** Reads CSV text in tests. */
final class CsvFixture {
    static final String NAME = "test.csv";

    private CsvFixture() {}

    static CsvFile read(String text, CsvOptions options) throws IOException {
        return CsvReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), NAME, options);
    }

    static CsvFile read(String text) throws IOException {
        return read(text, CsvOptions.defaults());
    }

    static TimeSeries series(String text) throws IOException {
        return read(text).series().get(0);
    }

    /** A file with the given times and the values 0, 1, 2 and so on. */
    static TimeSeries withTimes(String... times) throws IOException {
        return series(text(times));
    }

    static String text(String... times) {
        StringBuilder text = new StringBuilder("date;value\n");
        for (int i = 0; i < times.length; i++) text.append(times[i]).append(';').append(i).append('\n');
        return text.toString();
    }

    /** Asserts that reading fails with a message that contains all parts. */
    static DataException assertFails(String text, CsvOptions options, String... parts) {
        DataException failure = assertThrows(DataException.class, () -> read(text, options));
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), () -> failure.getMessage() + " lacks " + part);
        }
        assertTrue(failure.getMessage().startsWith(NAME), failure.getMessage());
        return failure;
    }

    static DataException assertFails(String text, String... parts) {
        return assertFails(text, CsvOptions.defaults(), parts);
    }
}
