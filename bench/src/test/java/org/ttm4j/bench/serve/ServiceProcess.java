package org.ttm4j.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code bin/ttm serve} as a process of its own. For one thread. */
final class ServiceProcess implements AutoCloseable {
    private static final String LISTENING = "ttm: listening on ";
    private static final int TICKS_PER_SECOND = 100;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final BufferedReader messages;
    private final String url;

    /** Starts it and waits until it listens. */
    ServiceProcess(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(program().toString(), "serve"));
        line.addAll(Arrays.asList(arguments));
        process = new ProcessBuilder(line).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        messages = process.errorReader(StandardCharsets.UTF_8);
        url = awaitLine(LISTENING).substring(LISTENING.length());
    }

    static Path program() {
        return Path.of(System.getProperty("ttm4j.home"), "bin", "ttm");
    }

    private String awaitLine(String start) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.startsWith(start)) return line;
            all.append(line).append('\n');
        }
        throw new IOException("the service ended: " + all);
    }

    /** Waits until it has warmed up. */
    ServiceProcess awaitReady() throws IOException {
        awaitLine("ttm: ready");
        return this;
    }

    /** Its address. */
    String url() {
        return url;
    }

    /** Its port. */
    int port() {
        return URI.create(url).getPort();
    }

    /** Seconds of processor time that it has taken. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /** Megabytes of heap in use after a collection of garbage. */
    double heapMegabytes() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run").redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        String metrics = client
                .send(HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum() / 1e6;
    }

    /** Ends it as a loss of power would: signal 9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
