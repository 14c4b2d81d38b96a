package org.ttm4j.serve.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastObserver;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.settings.Settings.WatchSettings;

class WatchValuesTest {
    private static final long HOUR = 3600;
    private static final Pattern VALUE = Pattern.compile("ml_forecast=\"yhat\"} (\\S+)");

    @Test
    void valuesWhoseForecastFailedAreNotTakenTwice() throws Exception {
        long now = System.currentTimeMillis() / 1000 / HOUR;
        String values = LongStream.rangeClosed(now - 600, now)
                .mapToObj(t -> "[" + t * HOUR + ",\"" + 100 * Math.floorMod(t - now + 12, 24) + "\"]")
                .collect(Collectors.joining(","));
        byte[] answer = ("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
                + "{\"__name__\":\"x\"},\"values\":[" + values + "]}]}}").getBytes(StandardCharsets.UTF_8);
        HttpServer prometheus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        prometheus.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        prometheus.start();
        Duration step = Duration.ofSeconds(HOUR);
        WatchSettings settings = new WatchSettings(URI.create("http://127.0.0.1:" + prometheus.getAddress().getPort()),
                null, List.of(new WatchSettings.Query(null, "x")), step, step, step.multipliedBy(6), List.of(), 0.9,
                10);
        AtomicBoolean fails = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        Forecaster forecaster = ForecastObserver.around(Forecaster.bundled().in(ForecastMode.FAST), batch -> {
            if (fails.get()) throw new OutOfMemoryError("a test");
        });
        Watch watch = new Watch(settings, new SimpleMeterRegistry(), reason -> failures.incrementAndGet(), forecaster);
        try {
            watch.read(now - 4);
            fails.set(true);
            for (long end = now - 3; end < now; end++) watch.read(end);
            assertEquals(3, failures.get());
            fails.set(false);
            watch.read(now);
            assertEquals(3, failures.get());
            // Between two steps, the later one is shown.
            Matcher shown = VALUE.matcher(watch.text());
            assertTrue(shown.find(), watch.text());
            assertEquals(1300, Double.parseDouble(shown.group(1)), 80);
        } finally {
            prometheus.stop(0);
        }
    }
}
