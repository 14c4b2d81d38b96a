package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.model.TtmModel;

/**
 * What a program that uses all bundled models allocates: nothing but what C2 leaves of a few vectors. In a JVM of its own,
 * as it depends on what else the compiler has seen.
 */
@Tag("process")
@Tag("allocation")
class BundledAllocationTest {
    /** Some vectors a forecast; where C2 stops inlining in a kernel, it is a hundred times as much. */
    private static final long MOST = 4096;

    @Test
    void vectorsVanish() throws Exception {
        assumeTrue(KernelSelection.active().name().equals("vector"), "for the vector kernels");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Dttm4j.kernels=vector", "-cp",
                String.join(File.pathSeparator, location(KernelSelection.class), location(Graph.class),
                        location(TtmModel.class), location(Forecaster.class), location(BundledAllocationTest.class)),
                Allocations.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        assertTrue(Long.parseLong(printed) <= MOST, "bytes a forecast: " + printed);
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    /** The program of the other JVM: prints the most bytes that a forecast by any bundled model allocates, once warm. */
    static final class Allocations {
        private static final int[] STEPS = {600, 200, 40};
        private static final int ROUNDS = 300;
        private static final int FORECASTS = 100;

        private Allocations() {}

        public static void main(String[] arguments) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            ModelForecaster forecaster = Forecaster.bundled().fast();
            long least = Long.MAX_VALUE;
            // The compiler decides when it is warm: the least of many rounds counts.
            for (int round = 0; round < ROUNDS && least > MOST; round++) {
                long most = 0;
                for (int steps : STEPS) {
                    float[][] history = new float[3][steps];
                    for (int t = 0; t < 3 * steps; t++) history[t / steps][t % steps] = (float) Math.sin(t * 0.26);
                    float[][] result = new float[3][24];
                    forecaster.forecast(history, result);
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < FORECASTS; i++) forecaster.forecast(history, result);
                    most = Math.max(most, (threads.getCurrentThreadAllocatedBytes() - before) / FORECASTS);
                }
                least = Math.min(least, most);
            }
            System.out.println(least);
        }
    }
}
