package org.ttm4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ttm4j.ttm.Forecaster;

/**
 * The first forecasts of a fresh JVM, one series by the bundled 512 → 96: with the vector module as the library chooses
 * its kernels, on plain-Java kernels, and after {@link Forecaster#warmUp()}. JVMs of the three take turns.
 */
final class FirstCalls {
    private static final int CALLS = 100;
    /** Then the time of a call is steady. */
    private static final int STEADY_AFTER = 3000;
    private static final int STEADY = 1000;
    private static final int CONTEXT = 512;
    private static final double SLOWEST = 0.95;

    private FirstCalls() {}

    /** Measures so many JVMs of each kind and says what came of it. */
    static String text(int jvms, PrintStream err) throws IOException, InterruptedException {
        List<double[]> automatic = new ArrayList<>();
        List<double[]> scalar = new ArrayList<>();
        List<double[]> warm = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            // Neither of the two always follows the JVM that warms up and takes the most of the machine.
            if (i % 2 == 0) automatic.add(child("cold", "auto"));
            scalar.add(child("cold", "scalar"));
            if (i % 2 == 1) automatic.add(child("cold", "auto"));
            warm.add(child("warm", "auto"));
            err.println("bench: " + (i + 1) + " of " + jvms + " JVMs of each kind");
        }
        StringBuilder text = new StringBuilder("call   automatic, ms   plain Java, ms   ratio\n");
        double[] ratios = new double[CALLS];
        for (int call = 0; call < CALLS; call++) {
            double a = median(automatic, call);
            double s = median(scalar, call);
            ratios[call] = a / s;
            text.append(
                    String.format(Locale.ROOT, "%4d   %13.3f   %14.3f   %5.2f%n", call + 1, a / 1e6, s / 1e6, a / s));
        }
        double[] slowest = warm.stream().mapToDouble(times -> quantile(times, CALLS, SLOWEST) / times[CALLS]).toArray();
        return text.append(String.format(Locale.ROOT, "ratio, median of the calls %.2f, of their sums %.2f%n"
                + "warmUp() took %.2f s; then the 95th percentile of %d calls was %.2f × the steady state, %.3f ms,%n"
                + "whose own was %.2f × it: what else the machine does%n", Timing.median(ratios),
                sums(automatic) / sums(scalar), median(warm, CALLS + 1) / 1e9, CALLS, Timing.median(slowest),
                median(warm, CALLS) / 1e6,
                Timing.median(warm.stream().mapToDouble(times -> times[CALLS + 2] / times[CALLS]).toArray())))
                .toString();
    }

    private static double median(List<double[]> jvms, int index) {
        return Timing.median(jvms.stream().mapToDouble(times -> times[index]).toArray());
    }

    private static double sums(List<double[]> jvms) {
        return Timing.median(jvms.stream().mapToDouble(times -> Arrays.stream(times, 0, CALLS).sum()).toArray());
    }

    private static double quantile(double[] times, int count, double level) {
        double[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(level * count) - 1];
    }

    private static double[] child(String mode, String kernels) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Xlog:disable", "-Dttm4j.kernels=" + kernels, "-cp",
                System.getProperty("java.class.path"), Child.class.getName(), mode)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) throw new IOException("a JVM failed: " + printed);
        return printed.lines().mapToDouble(Double::parseDouble).toArray();
    }

    /** The program of a fresh JVM: prints the nanoseconds of each call; after a warm-up also the steady state and its cost. */
    static final class Child {
        private Child() {}

        /** {@code warm} warms up first. */
        public static void main(String[] arguments) {
            boolean warm = arguments[0].equals("warm");
            float[][] history = new float[1][CONTEXT];
            for (int t = 0; t < CONTEXT; t++) history[0][t] = (float) (100 + 20 * Math.sin(t * Math.PI / 12) + t % 7);
            Forecaster forecaster = Forecaster.bundled("512-96");
            long begin = System.nanoTime();
            if (warm) forecaster.warmUp();
            long cost = System.nanoTime() - begin;
            long[] nanos = times(forecaster, history, CALLS);
            StringBuilder text = new StringBuilder();
            for (long time : nanos) text.append(time).append('\n');
            if (warm) {
                times(forecaster, history, STEADY_AFTER);
                double[] steady = Arrays.stream(times(forecaster, history, STEADY)).asDoubleStream().toArray();
                text.append(Timing.median(steady)).append('\n').append(cost).append('\n');
                text.append(quantile(steady, STEADY, SLOWEST)).append('\n');
            }
            System.out.print(text);
        }

        private static long[] times(Forecaster forecaster, float[][] history, int calls) {
            return IntStream.range(0, calls).mapToLong(i -> {
                long begin = System.nanoTime();
                forecaster.forecast(history);
                return System.nanoTime() - begin;
            }).toArray();
        }
    }
}
