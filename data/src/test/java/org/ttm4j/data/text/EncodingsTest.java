package org.ttm4j.data.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvRows.Encodings;

/** Encodings that the beginning of a text does not show. */
class EncodingsTest {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private static String decoded(byte[] bytes) throws IOException {
        StringWriter text = new StringWriter();
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(bytes),
                Encodings.decoder(StandardCharsets.UTF_8))) {
            reader.transferTo(text);
        }
        return text.toString();
    }

    @Test
    void whatIsNoUtf8IsWindows1252() throws IOException {
        String text = "Bär, Bör, 12 €, Œuvre\n".repeat(2000);
        assertEquals(text, decoded(text.getBytes(WINDOWS)));
        String utf8 = "Bär, 12 €, 😀, 日本\n".repeat(2000);
        assertEquals(utf8, decoded(utf8.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void otherEncodingsAreNamedAsAnOption() throws IOException {
        byte[] text = "日付,売上\n2024/01/01,3\n2024/01/02,5\n".getBytes(Charset.forName("Shift_JIS"));
        CsvFile file = CsvReader.read(new ByteArrayInputStream(text), "test.csv", CsvOptions.defaults());
        assertTrue(file.report().toString().contains("--encoding"), () -> file.report().toString());
        byte[] units = "date,Dampf m³h,Nm³h,kW/(m²·°C),Größe\n2024-01-01,3,1,2,1\n2024-01-02,5,1,2,1\n"
                .getBytes(WINDOWS);
        CsvFile own = CsvReader.read(new ByteArrayInputStream(units), "test.csv", CsvOptions.defaults());
        assertEquals(List.of(), own.report().repairs());
    }

    @Test
    void idsAfterALongBeginningInAsciiStayApart() throws IOException {
        StringBuilder text = new StringBuilder("unique_id,time,load\n");
        for (String id : List.of("a", "Bär", "Bör")) {
            for (int day = 0; day < (id.equals("a") ? 4000 : 30); day++) {
                text.append(id).append(',').append(86_400L * day + 1_000_000_000).append(",1\n");
            }
        }
        CsvFile file = CsvReader.read(new ByteArrayInputStream(text.toString().getBytes(WINDOWS)), "test.csv",
                CsvOptions.defaults());
        assertEquals(List.of("a", "Bär", "Bör"), file.series().stream().map(TimeSeries::id).toList());
    }
}
