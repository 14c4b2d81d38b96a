package org.ttm4j.serve.http;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.ttm4j.data.series.Printable;

/** A line of JSON for each request, and one for each failure of the service itself. Thread-safe. */
public final class AccessLog {
    private final PrintStream out;
    private final LongAdder failures = new LongAdder();

    /** @param out to which whole lines are written */
    public AccessLog(PrintStream out) {
        this.out = out;
    }

    void request(Exchange exchange, String method, String path, int status, long nanos, String remote) {
        line(Json.object("time", now(), "id", exchange.id(), "remote", remote, "client", exchange.client().name(),
                "method", method, "path", Printable.shortened(path), "status", status, "ms", nanos / 1000 / 1e3,
                "series", exchange.series()));
    }

    /** Writes of a failure of the service itself. */
    public void failure(String requestId, Throwable failure) {
        failures.increment();
        List<String> at = Arrays.stream(failure.getStackTrace()).limit(20).map(StackTraceElement::toString).toList();
        line(Json.object("time", now(), "id", requestId, "failure", failure.toString(), "at", at));
    }

    /** Writes a failure of something that the service asks, in a sentence. */
    public void failure(String sentence) {
        failures.increment();
        line(Json.object("time", now(), "failure", sentence));
    }

    public long failures() {
        return failures.sum();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private void line(Map<String, Object> members) {
        byte[] line = (new String(Json.bytes(members), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(line, 0, line.length);
        out.flush();
    }
}
