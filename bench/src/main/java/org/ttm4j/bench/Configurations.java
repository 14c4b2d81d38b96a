package org.ttm4j.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.ttm4j.engine.KernelSelection;

/**
 * One row of the table of {@code bin/torture configurations}: in this JVM, with the flags it was started with, the forward pass
 * on the kernels that it chooses against the forward pass on the scalar kernels, in turns, and the largest difference
 * of either from a reference. A JVM chooses kernels once, so each side is a copy of the library with its own class loader.
 */
public final class Configurations {
    /** In a model's outputs, of order 1: between sets of kernels sums differ in rounding. */
    private static final double TOLERANCE = 1e-4;

    /** Above, kernels other than the scalar ones count as slower: measurements of a second differ by less. */
    private static final double SLOWER = 1.2;

    /** Seconds of processor time for each side, in turns. */
    private static final double WARM_UP = 1.5;
    private static final double MEASURED = 0.6;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Configurations() {}

    /** Arguments: the first two cells of the row, the number of series, the file of the reference, written if absent. */
    public static void main(String[] arguments) throws Exception {
        int series = Integer.parseInt(arguments[2]);
        Supplier<float[]> scalar = copy("scalar", series);
        Supplier<float[]> chosen = copy("auto", series);
        Path reference = Path.of(arguments[3]);
        if (!Files.exists(reference)) write(reference, scalar.get());
        double difference = Math.max(difference(reference, scalar.get()), difference(reference, chosen.get()));
        inTurns(chosen, scalar, WARM_UP);
        double[] nanos = inTurns(chosen, scalar, MEASURED);
        // Compiled code must be right as well as what ran before.
        difference = Math.max(difference, difference(reference, scalar.get()));
        difference = Math.max(difference, difference(reference, chosen.get()));
        boolean wrong = !(difference <= TOLERANCE);
        double ratio = nanos[0] / nanos[1];
        String kernels = chosen.toString().replaceFirst(" .*", "");
        System.out.printf(Locale.ROOT, "| %-4s | %-26s | %-6s | %9.2f | %9.2f | %5.2f | %10.1e |%n", arguments[0],
                arguments[1], kernels, nanos[0] / 1e6, nanos[1] / 1e6, ratio, difference);
        // Two copies of the same kernels differ only by the compiler's luck.
        boolean slower = !kernels.equals("scalar") && ratio > SLOWER;
        System.exit(wrong || slower ? 1 : 0);
    }

    /** The least processor time of a call of either, in nanoseconds: it leaves out what else the machine does. */
    private static double[] inTurns(Supplier<float[]> first, Supplier<float[]> second, double seconds) {
        double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int calls = 0; calls < 3 || THREADS.getCurrentThreadCpuTime() - begin < 2e9 * seconds; calls++) {
            least[0] = Math.min(least[0], processorTime(first));
            least[1] = Math.min(least[1], processorTime(second));
        }
        return least;
    }

    private static long processorTime(Supplier<float[]> work) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.get();
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    /** The forward pass of a copy of this library that has read {@code kernels} as ttm4j.kernels. */
    @SuppressWarnings("unchecked")
    private static Supplier<float[]> copy(String kernels, int series) throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        ClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        System.setProperty("ttm4j.kernels", kernels);
        Supplier<float[]> forward = (Supplier<float[]>) loader.loadClass(Forward.class.getName())
                .getConstructor(int.class)
                .newInstance(series);
        forward.get();
        return forward;
    }

    /** The forward pass; its text says which kernels run it. Public for the loader of another copy. */
    public static final class Forward implements Supplier<float[]> {
        private final TtmForecast forecast;

        /** For so many series, on the model of {@link BenchModel#random}. */
        public Forward(int series) {
            forecast = new TtmForecast(BenchModel.random(), BenchModel.contexts(series));
        }

        @Override
        public float[] get() {
            return forecast.predict();
        }

        @Override
        public String toString() {
            return KernelSelection.reason();
        }
    }

    private static void write(Path file, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        for (float value : values) bytes.putFloat(value);
        Files.write(file, bytes.array());
    }

    /** The largest difference from the values in the file; NaN if one is. */
    private static double difference(Path file, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        double largest = 0;
        for (float value : values) largest = Math.max(largest, Math.abs(bytes.getFloat() - value));
        return largest;
    }
}
