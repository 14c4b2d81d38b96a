package org.ttm4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ttm4j.forecast.Forecaster;

/**
 * The first forecasts of a fresh JVM, one series by the bundled 512 → 96: with the vector module as the library chooses
 * its kernels, on plain-Java kernels, and after {@link Forecaster#warmUp()}. JVMs of the three take turns. On a machine that
 * does other work, the processor time of the thread that calls tells more than the time.
 */
final class FirstCalls {
    private static final int CALLS = 100;
    /** Then the time of a call is steady. */
    private static final int STEADY_AFTER = 3000;
    private static final int STEADY = 1000;
    private static final double SLOWEST = 0.95;
    private static final List<String> CLOCKS = List.of("Time", "Processor time of the thread that calls");

    private FirstCalls() {}

    /** Measures so many JVMs of each kind and says what came of it. */
    static String text(int jvms, PrintStream err) throws IOException, InterruptedException {
        List<double[][]> automatic = new ArrayList<>();
        List<double[][]> scalar = new ArrayList<>();
        List<double[][]> warm = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            // Neither of the two always follows the JVM that warms up and takes the most of the machine.
            if (i % 2 == 0) automatic.add(child("cold", "auto"));
            scalar.add(child("cold", "scalar"));
            if (i % 2 == 1) automatic.add(child("cold", "auto"));
            warm.add(child("warm", "auto"));
            err.println("bench: " + (i + 1) + " of " + jvms + " JVMs of each kind");
        }
        StringBuilder text = new StringBuilder();
        for (int clock = 0; clock < CLOCKS.size(); clock++) {
            int of = clock;
            text.append(text(CLOCKS.get(clock), automatic.stream().map(times -> times[of]).toList(),
                    scalar.stream().map(times -> times[of]).toList(), warm.stream().map(times -> times[of]).toList()));
        }
        return text.toString();
    }

    private static String text(String clock, List<double[]> automatic, List<double[]> scalar, List<double[]> warm) {
        StringBuilder text = new StringBuilder(clock + "\ncall   automatic, ms   plain Java, ms   ratio\n");
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

    /** The times by the one clock and by the other. */
    private static double[][] child(String mode, String kernels) throws IOException, InterruptedException {
        String printed = Machine
                .output(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector", "-Xlog:disable", "-Dttm4j.kernels=" + kernels, "-cp",
                        System.getProperty("java.class.path"), Child.class.getName(), mode));
        double[] times = printed.lines().mapToDouble(Double::parseDouble).toArray();
        return new double[][]{Arrays.copyOf(times, times.length / 2),
                Arrays.copyOfRange(times, times.length / 2, times.length)};
    }

    /** The program of a fresh JVM: prints the nanoseconds of each call, the steady state and what the warm-up cost. */
    static final class Child {
        private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

        private Child() {}

        /** {@code warm} warms up first. */
        public static void main(String[] arguments) {
            boolean warm = arguments[0].equals("warm");
            float[][] history = new float[1][BenchModel.CONTEXT];
            for (int t = 0; t < BenchModel.CONTEXT; t++)
                history[0][t] = (float) (100 + 20 * Math.sin(t * Math.PI / 12) + t % 7);
            Forecaster forecaster = Forecaster.bundled("512-96").fast();
            long begin = System.nanoTime();
            long beginOfThread = THREAD.getCurrentThreadCpuTime();
            if (warm) forecaster.warmUp();
            double[] costs = {System.nanoTime() - begin, THREAD.getCurrentThreadCpuTime() - beginOfThread};
            double[][] first = times(forecaster, history, CALLS);
            double[][] steady = first;
            if (warm) {
                times(forecaster, history, STEADY_AFTER);
                steady = times(forecaster, history, STEADY);
            }
            for (int clock = 0; clock < costs.length; clock++) {
                for (double time : first[clock]) System.out.println(time);
                System.out.println(Timing.median(steady[clock]));
                System.out.println(costs[clock]);
                System.out.println(quantile(steady[clock], steady[clock].length, SLOWEST));
            }
        }

        private static double[][] times(Forecaster forecaster, float[][] history, int calls) {
            double[][] times = new double[2][calls];
            for (int i = 0; i < calls; i++) {
                long begin = System.nanoTime();
                long beginOfThread = THREAD.getCurrentThreadCpuTime();
                forecaster.forecast(history);
                times[1][i] = THREAD.getCurrentThreadCpuTime() - beginOfThread;
                times[0][i] = System.nanoTime() - begin;
            }
            return times;
        }
    }
}
