package org.ttm4j.bench.serve;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Times from the start of the process until the service is live and ready, against java -version. Argument: how often. */
public final class ServeStart {
    private static final double MOST = 15;

    private ServeStart() {}

    public static void main(String[] arguments) throws Exception {
        int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        double[] version = new double[times];
        double[] live = new double[times];
        double[] ready = new double[times];
        for (int i = -1; i < times; i++) {
            double[] both = service();
            double alone = version();
            // The first start may make what later ones use.
            if (i < 0) continue;
            live[i] = both[0];
            ready[i] = both[1];
            version[i] = alone;
        }
        double unit = median(version);
        System.out.printf(Locale.ROOT,
                "java -version: %.0f ms%nlive: %.0f ms, %.1f times as long%nready: %.0f ms, %.1f " + "times as long%n",
                unit * 1e3, median(live) * 1e3, median(live) / unit, median(ready) * 1e3, median(ready) / unit);
        Verdict verdict = new Verdict();
        verdict.target(median(live) <= MOST * unit, "live within " + MOST + " times");
        verdict.exit();
    }

    private static double version() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        long start = System.nanoTime();
        new ProcessBuilder(java, "-version").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Seconds until it is live, and until it is ready. */
    private static double[] service() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        long start = System.nanoTime();
        Process process = new ProcessBuilder(ServiceProcess.program().toString(), "serve", "--port",
                Integer.toString(port), "--store", "none").redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await(process, port, "live");
            double live = (System.nanoTime() - start) / 1e9;
            await(process, port, "ready");
            return new double[]{live, (System.nanoTime() - start) / 1e9};
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static void await(Process process, int port, String what) throws IOException, InterruptedException {
        while (process.isAlive()) {
            try {
                HttpURLConnection connection = (HttpURLConnection) URI
                        .create("http://127.0.0.1:" + port + "/health/" + what)
                        .toURL()
                        .openConnection();
                int status = connection.getResponseCode();
                // Else it stays open, and the service takes no more than so many.
                connection.disconnect();
                if (status == 204) return;
            } catch (IOException notYet) {
                // It does not listen yet.
            }
            Thread.sleep(2);
        }
        throw new IOException("the service ended");
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
