package org.ttm4j.bench.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Load on a service, by programs of others: wrk, and hey where refusals are told from other answers. */
final class Load {
    /** Steps of the series. */
    static final int STEPS = 512;

    /** So many that a late answer does not hold up the requests after it. */
    private static final int CONNECTIONS_AT_RATE = 64;

    private Load() {}

    /**
     * What wrk has seen.
     *
     * @param perSecond requests
     * @param p99 seconds
     * @param faults answers of other statuses than 2xx and 3xx, and failures
     */
    record Seen(double perSecond, double p99, long requests, List<String> faults) {}

    /**
     * What hey has seen.
     *
     * @param perSecond answers of any status
     * @param p99 seconds, of the answers of status 200
     * @param answered of status 200
     * @param refused of status 429
     * @param faults other statuses and failures
     */
    record Bursts(double perSecond, double p99, long answered, long refused, List<String> faults) {}

    /** The series, hourly with a daily season. */
    static double[] series() {
        double[] values = new double[STEPS];
        for (int t = 0; t < STEPS; t++)
            values[t] = Math.round(1e4 + 2e3 * Math.sin(t * Math.PI / 12) + t % 7 * 31) / 1e2;
        return values;
    }

    /** A request for the forecast of the series. */
    static String body(String mode) {
        return "{\"series\":[{\"frequency\":\"PT1H\",\"values\":" + Arrays.toString(series()).replace(" ", "")
                + "}],\"mode\":\"" + mode + "\"}";
    }

    /** As many requests as so many connections take. */
    static Seen most(ServiceProcess service, String mode, int connections, int seconds)
            throws IOException, InterruptedException {
        return wrk(service.url() + "/v1/forecast", body(mode), connections, 0, seconds);
    }

    /** Requests at a constant rate. */
    static Seen steady(ServiceProcess service, String mode, double perSecond, int seconds)
            throws IOException, InterruptedException {
        return wrk(service.url() + "/v1/forecast", body(mode), CONNECTIONS_AT_RATE, perSecond, seconds);
    }

    /** The same of requests that cost nothing: what remains is the machine, the server's HTTP and wrk itself. */
    static Seen floor(ServiceProcess service, double perSecond, int seconds) throws IOException, InterruptedException {
        return wrk(service.url() + "/v2/health/live", null, CONNECTIONS_AT_RATE, perSecond, seconds);
    }

    private static Seen wrk(String url, String body, int connections, double perSecond, int seconds)
            throws IOException, InterruptedException {
        Path script = Files.createTempFile("ttm4j", ".lua");
        Path posted = Files.createTempFile("ttm4j", ".json");
        try (InputStream in = Load.class.getResourceAsStream("load.lua")) {
            Files.write(script, in.readAllBytes());
            List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s",
                    "--timeout", "30s", "-s", script.toString(), url, "--", Double.toString(perSecond)));
            if (body != null) command.add(Files.writeString(posted, body).toString());
            String text = run(command.toArray(String[]::new));
            List<String> faults = new ArrayList<>();
            for (String fault : List.of("refused or failed", "broken")) {
                long count = number(text, fault);
                if (count > 0) faults.add("wrk: " + count + " " + fault);
            }
            long requests = number(text, "requests");
            return new Seen(requests * 1e6 / number(text, "microseconds"), number(text, "p99") / 1e6, requests, faults);
        } finally {
            Files.delete(script);
            Files.delete(posted);
        }
    }

    /**
     * Bursts of a request from each of so many connections, which make up a rate: hey sends from all of them at the same
     * moment.
     */
    static Bursts bursts(ServiceProcess service, String mode, int connections, double perSecond, int seconds)
            throws IOException, InterruptedException {
        Path body = Files.writeString(Files.createTempFile("ttm4j", ".json"), body(mode));
        String csv = run("hey", "-z", seconds + "s", "-c", Integer.toString(connections), "-q",
                String.format(Locale.ROOT, "%.3f", perSecond / connections), "-t", "60", "-m", "POST", "-T",
                "application/json", "-o", "csv", "-D", body.toString(), service.url() + "/v1/forecast");
        Files.delete(body);
        List<Double> times = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        long refused = 0;
        long count = 0;
        // response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset
        for (String line : csv.lines().skip(1).toList()) {
            String[] fields = line.split(",");
            count++;
            if (fields[6].equals("200")) times.add(Double.parseDouble(fields[0]));
            else if (fields[6].equals("429")) refused++;
            else faults.add("status " + fields[6]);
        }
        times.sort(null);
        double p99 = times.isEmpty() ? Double.NaN : times.get((int) Math.ceil(0.99 * times.size()) - 1);
        return new Bursts(count / (double) seconds, p99, times.size(), refused, faults);
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
