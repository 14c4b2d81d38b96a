package org.ttm4j.bench.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Load on a service, by wrk. */
final class Load {
    /** Steps of the usual series. */
    static final int STEPS = 512;

    /** Connections that all the service can do is measured with. */
    private static final int CONNECTIONS = 16;
    /** So many that requests at a rate need not wait for the answers before them. */
    private static final int CONNECTIONS_AT_RATE = 256;
    /** Requests after which the service is compiled. */
    private static final int WARM_UP = 60_000;
    private static final int MOST_ROUNDS = 20;

    private Load() {}

    /**
     * What wrk has seen.
     *
     * @param perSecond answers of status 200
     * @param p99 seconds until one
     * @param answered with status 200
     * @param refused with status 429
     * @param faults other statuses and failures
     */
    record Seen(double perSecond, double p99, long answered, long refused, List<String> faults) {}

    /** A series, hourly with a daily season. */
    static double[] series(int steps) {
        double[] values = new double[steps];
        for (int t = 0; t < steps; t++)
            values[t] = Math.round(1e4 + 2e3 * Math.sin(t * Math.PI / 12) + t % 7 * 31) / 1e2;
        return values;
    }

    /** A request for the forecast of a series, whose last value has the number of the request as its decimals. */
    private static String body(int steps, String mode) {
        String values = Arrays.toString(series(steps - 1)).replace(" ", "").replace("]", ",100.@]");
        return "{\"series\":[{\"frequency\":\"PT1H\",\"values\":" + values + "}],\"mode\":\"" + mode + "\"}";
    }

    /** Requests for the forecast of the usual series alone. */
    static List<String> usual(String mode) {
        return List.of(body(STEPS, mode));
    }

    /** Requests that every bundled model is chosen for, and a combination among them. */
    static List<String> mixed() {
        return List.of(body(48, "fast"), body(200, "fast"), body(512, "fast"), body(1536, "fast"), body(60, "fast"),
                body(240, "fast"), body(600, "fast"), body(2048, "fast"), body(300, "balanced"));
    }

    /** Requests in mode fast until the service is compiled. */
    static void warm(ServiceProcess service, int seconds) throws IOException, InterruptedException {
        long answered = 0;
        for (int round = 0; answered < WARM_UP && round < MOST_ROUNDS; round++) {
            answered += most(service, usual("fast"), seconds).answered();
        }
    }

    /** As many requests as the service takes. */
    static Seen most(ServiceProcess service, List<String> bodies, int seconds)
            throws IOException, InterruptedException {
        return wrk(service.url() + "/v1/forecast", bodies, CONNECTIONS, 0, seconds);
    }

    /** Requests at a constant rate, whatever the service does. */
    static Seen steady(ServiceProcess service, List<String> bodies, double perSecond, int seconds)
            throws IOException, InterruptedException {
        return wrk(service.url() + "/v1/forecast", bodies, CONNECTIONS_AT_RATE, perSecond, seconds);
    }

    /** The same of requests that cost nothing: what remains is the machine, the server's HTTP and wrk itself. */
    static Seen floor(ServiceProcess service, double perSecond, int seconds) throws IOException, InterruptedException {
        return wrk(service.url() + "/v2/health/live", List.of(), CONNECTIONS_AT_RATE, perSecond, seconds);
    }

    private static Seen wrk(String url, List<String> bodies, int connections, double perSecond, int seconds)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ttm4j");
        Path script = folder.resolve("load.lua");
        List<Path> posted = new ArrayList<>();
        try (InputStream in = Load.class.getResourceAsStream("load.lua")) {
            Files.write(script, in.readAllBytes());
            List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s",
                    "--timeout", "30s", "-s", script.toString(), url, "--", Double.toString(perSecond)));
            for (String body : bodies) {
                posted.add(Files.writeString(folder.resolve(posted.size() + ".json"), body));
                command.add(posted.get(posted.size() - 1).toString());
            }
            String text = run(command.toArray(String[]::new));
            List<String> faults = new ArrayList<>();
            for (String fault : List.of("failed", "broken")) {
                long count = number(text, fault);
                if (count > 0) faults.add("wrk: " + count + " " + fault);
            }
            long answered = number(text, "answered");
            return new Seen(answered * 1e6 / number(text, "microseconds"), number(text, "p99") / 1e6, answered,
                    number(text, "refused"), faults);
        } finally {
            for (Path body : posted) Files.delete(body);
            Files.delete(script);
            Files.delete(folder);
        }
    }

    static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("ttm4j", ".out");
        try {
            int code = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (code != 0) throw new IOException(String.join(" ", command) + ": " + text);
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private static long number(String text, String name) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("expected " + name + " in " + text));
    }
}
