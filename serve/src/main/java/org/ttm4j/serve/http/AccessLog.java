package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.ttm4j.data.series.Printable;

/** A line of JSON for each request, and one for each failure of the service itself. Thread-safe. */
public final class AccessLog {
    private final PrintStream out;
    private final JsonFactory json = new JsonFactory();

    /** @param out to which whole lines are written */
    public AccessLog(PrintStream out) {
        this.out = out;
    }

    /** Writes of a request that was answered. */
    void request(Exchange exchange, String method, String path, int status, long nanos, String remote) {
        line(generator -> {
            generator.writeStringField("id", exchange.id());
            generator.writeStringField("remote", remote);
            generator.writeStringField("method", method);
            generator.writeStringField("path", Printable.shortened(path));
            generator.writeNumberField("status", status);
            generator.writeNumberField("ms", nanos / 1000 / 1e3);
            generator.writeNumberField("series", exchange.series());
        });
    }

    /** Writes of a failure of the service itself. */
    public void failure(String requestId, Throwable failure) {
        line(generator -> {
            if (requestId != null) generator.writeStringField("id", requestId);
            generator.writeStringField("failure", failure.toString());
            generator.writeArrayFieldStart("at");
            StackTraceElement[] trace = failure.getStackTrace();
            for (int i = 0; i < Math.min(trace.length, 20); i++) generator.writeString(trace[i].toString());
            generator.writeEndArray();
        });
    }

    private void line(Exchange.Writer members) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 8);
        try (JsonGenerator generator = json.createGenerator(line)) {
            generator.writeStartObject();
            generator.writeStringField("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            members.write(generator);
            generator.writeEndObject();
            generator.writeRaw('\n');
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        out.write(line.toByteArray(), 0, line.size());
        out.flush();
    }
}
