package org.ttm4j.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBodyTest {
    private static double read(String number) throws IOException {
        return new JsonBody(new JsonFactory().createParser(number)).number();
    }

    @Test
    void readsEveryNumberAsJavaDoes() throws IOException {
        for (String number : List.of("0", "-0", "-0.0", "7", "-7.25", "1e3", "-1.5E-3", "0.000000000001",
                "123456789012345", "1234567890123456", "-12345678901234.5", "0.1234567890123", "0.30000000000000004",
                "9007199254740993")) {
            assertEquals(Double.parseDouble(number), read(number), number);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long most = Math.round(Math.pow(10, 1 + random.nextInt(17)));
            long digits = random.nextLong(-most, most);
            String number = new BigDecimal(digits).movePointLeft(random.nextInt(12)).toPlainString();
            assertEquals(Double.parseDouble(number), read(number), number);
        }
    }
}
