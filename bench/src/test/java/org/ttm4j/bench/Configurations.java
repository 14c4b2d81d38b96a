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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.scalar.FusedMultiplyAdd;
import org.ttm4j.engine.vector.Lanes;
import org.ttm4j.ttm.verification.Recording;

/**
 * One row of the table of {@code bin/torture configurations}: in this JVM, with the flags it was started with, the forward
 * pass on the kernels that it chooses against the forward pass on the scalar kernels, in turns; whether either is bit for
 * bit what the same kernels gave in other JVMs; and the recordings of the reference model on the chosen kernels. A JVM
 * chooses kernels once, so each side is a copy of the library with its own class loader.
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

    /**
     * Arguments: the first three cells of the row, the number of series, the folder of the other JVMs' forecasts, to which
     * those of kernels that have none are added, and the folder of the recordings.
     */
    public static void main(String[] arguments) throws Exception {
        int series = Integer.parseInt(arguments[3]);
        Supplier<float[]> scalar = copy("scalar", series);
        Supplier<float[]> chosen = copy("auto", series);
        Path folder = Path.of(arguments[4]);
        float[] expected = scalar.get().clone();
        // Compiled code must be right as well as what runs before.
        boolean same = isAsElsewhere(folder, series, scalar) & isAsElsewhere(folder, series, chosen);
        inTurns(chosen, scalar, WARM_UP);
        double[] nanos = inTurns(chosen, scalar, MEASURED);
        same &= isAsElsewhere(folder, series, scalar) & isAsElsewhere(folder, series, chosen);
        double difference = difference(expected, chosen.get());
        double ofTolerance = recordings(Path.of(arguments[5]));
        double ratio = nanos[0] / nanos[1];
        System.out.printf(Locale.ROOT,
                "| %-4s | %-6s | %-26s | %-13s | %9.2f | %9.2f | %5.2f | %10.1e | %-8s | %10.2f |%n", arguments[0],
                arguments[1], arguments[2], chosen, nanos[0] / 1e6, nanos[1] / 1e6, ratio, difference,
                same ? hash(chosen.get()) : "differs", ofTolerance);
        // Two copies of the same kernels differ only by the compiler's luck.
        boolean slower = chosen.toString().startsWith("vector") && ratio > SLOWER;
        System.exit(same && !slower && difference <= TOLERANCE && ofTolerance <= 1 ? 0 : 1);
    }

    /** The largest deviation from what was recorded of the reference model, as a multiple of its tolerance. */
    private static double recordings(Path folder) throws IOException {
        double largest = 0;
        try (Stream<Path> cases = Files.list(folder)) {
            for (Path recorded : cases.filter(Files::isDirectory).toList()) {
                for (Recording.Deviation deviation : Recording.verify(recorded, absent -> {})) {
                    if (!deviation.within()) System.err.println(recorded.getFileName() + ": " + deviation);
                    largest = Math.max(largest, deviation.ofTolerance());
                }
            }
        }
        return largest;
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

        /** The kernels, with what their last bits depend on. */
        @Override
        public String toString() {
            String name = KernelSelection.active().name();
            if (name.equals("vector")) return name + 32 * Lanes.COUNT;
            return FusedMultiplyAdd.FAST ? name : name + "-no-fma";
        }
    }

    /** Whether the forecasts are bit for bit those that the same kernels made in another JVM; true for the first. */
    private static boolean isAsElsewhere(Path folder, int series, Supplier<float[]> forward) throws IOException {
        Path file = folder.resolve(forward + "-" + series);
        byte[] values = bytes(forward.get());
        if (!Files.exists(file)) Files.write(file, values);
        return Arrays.equals(Files.readAllBytes(file), values);
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** The first digits of the SHA-256 of the values. */
    private static String hash(float[] values) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(values)), 0, 4);
    }

    /** The largest difference; NaN if one is. */
    private static double difference(float[] expected, float[] values) {
        double largest = 0;
        for (int i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(expected[i] - values[i]));
        return largest;
    }
}
