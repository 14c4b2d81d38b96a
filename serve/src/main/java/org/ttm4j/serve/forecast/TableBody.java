package org.ttm4j.serve.forecast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.Fill;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels;

/** The body of a request that is a table or a workbook, and how its query says to read it. */
final class TableBody {
    /** Memory for the rows of a table: so much for each byte of the body, from 2 MB to a sixteenth of the heap or 32 MB. */
    private static final int TABLE_BYTES = 200;
    private static final long LEAST_TABLE = 2 << 20;
    private static final long MOST_TABLE = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST_TABLE, 32 << 20);

    /** Reads tables: one may take seconds, in which a thread of requests would keep its carrier from all others. */
    private static final ExecutorService READING = Executors.newFixedThreadPool(2,
            Thread.ofPlatform().name("tables-", 0).daemon().factory());
    private static final int ZIP = 0x504b0304;
    private static final int GZIP = 0x1f8b;

    private TableBody() {}

    /**
     * Reads the series of a body to its end.
     *
     * @param type the media type of the body
     * @param forecaster whose channels are taken where the query names none
     * @throws Problem when it cannot be read
     */
    static CsvFile read(Exchange exchange, String type, Forecaster forecaster, Memory memory) throws IOException {
        byte[] body = exchange.body().readAllBytes();
        checkForm(body, type);
        return read(body, csvOptions(exchange, forecaster), memory);
    }

    /** A series of a table as the library takes it. */
    static ForecastRequest request(TimeSeries series) {
        return ForecastRequest.of(series.doubleValues())
                .withKnownFrequency(series.axis().frequency().toTemporalAmount());
    }

    /** Refuses what the reader would recognise by its first bytes and the media type does not announce. */
    private static void checkForm(byte[] body, String type) {
        int first = body.length < Integer.BYTES ? 0 : ByteBuffer.wrap(body).getInt();
        if (type.equals(Exchange.WORKBOOK) == (first == ZIP) && first >>> Short.SIZE != GZIP) return;
        throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected a table as " + Exchange.CSV + ", a workbook as "
                + Exchange.WORKBOOK + ", and Content-Encoding: gzip for what is compressed");
    }

    private static CsvFile read(byte[] body, CsvOptions options, Memory all) throws IOException {
        long rows = Math.clamp((long) TABLE_BYTES * body.length, LEAST_TABLE, MOST_TABLE);
        try (Memory.Share memory = all.share()) {
            memory.reserve(rows);
            return READING.submit(() -> CsvReader.read(new ByteArrayInputStream(body), "body", options, rows)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataException at) throw new Problem(Type.MALFORMED_BODY, at.getMessage());
            throw new IllegalStateException("a table cannot be read", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the service stops");
        }
    }

    private static CsvOptions csvOptions(Exchange exchange, Forecaster forecaster) {
        String target = exchange.query("target");
        List<String> columns = target != null
                ? List.of(target.split(","))
                : forecaster.info()
                        .channels()
                        .map(Channels::inputs)
                        .orElse(List.of())
                        .stream()
                        .map(Channel::name)
                        .toList();
        // Values in JSON mean themselves too, and an answer has no place to say which were taken as missing.
        return CsvOptions.defaults()
                .keepingFillValues()
                .withTimes(TimeOptions.UNKNOWN.withFill(fill(exchange.query("fill"))))
                .withTime(exchange.query("time"))
                .withTargets(columns)
                .withId(exchange.query("id"));
    }

    private static Fill fill(String text) {
        if (text == null) return null;
        for (Fill fill : Fill.values()) if (fill.name().toLowerCase(Locale.ROOT).equals(text)) return fill;
        throw new Problem(Type.INVALID_VALUE, "expected in the query fill as zero, interpolate or missing");
    }
}
