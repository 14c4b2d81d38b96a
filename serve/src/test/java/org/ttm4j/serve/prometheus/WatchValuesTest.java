package org.ttm4j.serve.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
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
import java.util.stream.Stream;
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
        HttpServer prometheus = prometheus("{\"metric\":{\"__name__\":\"x\"},\"values\":[" + values + "]}");
        WatchSettings settings = settings(prometheus);
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

    /** A label twice on a line would make Prometheus refuse the whole scrape. */
    @Test
    void seriesThatHaveTheLabelsOfForecastsAreLeftOut() throws Exception {
        long now = System.currentTimeMillis() / 1000 / HOUR;
        String values = LongStream.rangeClosed(now - 600, now)
                .mapToObj(t -> "[" + t * HOUR + ",\"" + Math.floorMod(t, 24) + "\"]")
                .collect(Collectors.joining(",", ",\"values\":[", "]}"));
        HttpServer prometheus = prometheus(
                Stream.of("\"device\":\"a\"", "\"ml_forecast\":\"yhat\"", "\"ml_ahead\":\"4h\"")
                        .map(label -> "{\"metric\":{\"__name__\":\"x\"," + label + "}" + values)
                        .collect(Collectors.joining(",")));
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Watch watch = new Watch(settings(prometheus), metrics, reason -> {},
                Forecaster.bundled().in(ForecastMode.FAST));
        try {
            watch.read(now);
            assertEquals(1, metrics.get("ttm4j.watch.series").gauge().value());
            assertEquals(2, metrics.get("ttm4j.watch.left.out").gauge().value());
            assertTrue(watch.text().contains("x:predicted{device=\"a\",ml_forecast=\"yhat\"} "), watch.text());
        } finally {
            prometheus.stop(0);
        }
    }

    private static HttpServer prometheus(String series) throws IOException {
        byte[] answer = ("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" + series + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        HttpServer prometheus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        prometheus.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        prometheus.start();
        return prometheus;
    }

    private static WatchSettings settings(HttpServer prometheus) {
        Duration step = Duration.ofSeconds(HOUR);
        return new WatchSettings(URI.create("http://127.0.0.1:" + prometheus.getAddress().getPort()), null,
                List.of(new WatchSettings.Query(null, "x")), step, step, step.multipliedBy(6), List.of(), 0.9, 10);
    }
}
