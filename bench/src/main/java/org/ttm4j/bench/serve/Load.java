package org.ttm4j.bench.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load on a service, by programs of others: wrk for as much as it takes, hey for a constant rate. */
final class Load {
    /** Steps of the series. */
    static final int STEPS = 512;

    private static final Pattern STATUS = Pattern.compile("\\[(\\d+)\\]\\s+(\\d+) responses");

    private Load() {}

    /** Requests a second of wrk, and what went wrong. */
    record Most(double perSecond, long requests, List<String> faults) {}

    /**
     * What hey has seen.
     *
     * @param perSecond answers of any status
     * @param p99 seconds, of the answers of status 200
     * @param answered of status 200
     * @param refused of status 429
     * @param faults other statuses and failures
     */
    record Constant(double perSecond, double p99, long answered, long refused, List<String> faults) {}

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
    static Most most(ServiceProcess service, String mode, int connections, int seconds)
            throws IOException, InterruptedException {
        Path script = Files.createTempFile("ttm4j", ".lua");
        Files.writeString(script,
                "wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = '" + body(mode)
                        + "'\n");
        String text = run("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--timeout", "30s", "-s",
                script.toString(), service.url() + "/v1/forecast");
        Files.delete(script);
        List<String> faults = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.contains("Non-2xx") || line.contains("Socket errors")) faults.add("wrk: " + line.strip());
        }
        return new Most(number(text, "Requests/sec:\\s+([\\d.]+)"), (long) number(text, "(\\d+) requests in"), faults);
    }

    /** A constant rate from so many connections. */
    static Constant constant(ServiceProcess service, String mode, int connections, double perSecond, int seconds)
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
        return new Constant(count / (double) seconds, p99, times.size(), refused, faults);
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

    private static double number(String text, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (found.find()) return Double.parseDouble(found.group(1));
        throw new IOException("expected " + pattern + " in " + text);
    }
}
