package org.ttm4j.engine;

import java.util.Optional;
import java.util.Set;
import org.ttm4j.engine.vector.Lanes;

/** What this JVM lacks for the vector kernels. Without C2 the Vector API is several times slower than plain Java. */
final class Jvm {
    /** Far above what a fused multiply-add takes anywhere, far below what its replacement by BigDecimal does. */
    private static final long SLOW_FMA_NANOS = 300;

    private static final String VECTOR_BITS = "ttm4j.vectorBits";

    private Jvm() {}

    /** What is wrong with the system property that forces a width of vectors; null if nothing. */
    static String wrongVectorBits() {
        String bits = System.getProperty(VECTOR_BITS);
        if (bits == null || Set.of("128", "256", "512").contains(bits)) return null;
        return VECTOR_BITS + " is '" + bits + "'; allowed are 128, 256 and 512";
    }

    /** Why the vector kernels cannot run, or run many times slower than plain Java, and what to do; null if nothing. */
    static String obstacleToVectors() {
        Optional<Module> vectorApi = ModuleLayer.boot().findModule("jdk.incubator.vector");
        if (vectorApi.isEmpty()) {
            return "the module jdk.incubator.vector is absent; start java with --add-modules jdk.incubator.vector";
        }
        // Optional, so module-info does not require it: the read edge is added here, once it is there.
        Jvm.class.getModule().addReads(vectorApi.get());
        String compiler = System.getProperty("sun.management.compiler", "none");
        String mode = System.getProperty("java.vm.info", "");
        if (mode.contains("interpreted")) return "the JVM only interprets; start java without -Xint";
        if (mode.contains("emulated-client")) {
            return "the JVM has no C2 compiler; start java without -XX:TieredStopAtLevel or CompilationMode";
        }
        if (!compiler.startsWith("HotSpot")) {
            return "the Vector API needs HotSpot's C2 compiler; this JVM has " + compiler;
        }
        if (fusedMultiplyAddIsSlow()) {
            return "the processor's fused multiply-add is absent or off; start java without -XX:-UseFMA and -XX:UseAVX";
        }
        return null;
    }

    /** Why vector kernels, though they run, would not be faster than what C2 makes of plain Java; null if they are. */
    static String obstacleToFastVectors() {
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        int bits = 32 * VectorWidth.COUNT;
        if (bits >= 256 || arm) return null;
        return "vectors have only " + bits
                + " bits; start java without -XX:UseAVX, -XX:MaxVectorSize and ttm4j.vectorBits";
    }

    /**
     * Whether Math.fma is not an instruction: Java then computes it in BigDecimal, hundreds of times slower. The JVM
     * tells its flags only to a management bean, which takes 20 ms to load; two runs of the clock take none. The least
     * of several measurements is not disturbed by other load, and these operands make BigDecimal work hard.
     */
    private static boolean fusedMultiplyAddIsSlow() {
        int calls = 16;
        float sum = 1e30f;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 8 && least > calls * SLOW_FMA_NANOS; attempt++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) sum = Math.fma(1.7e-19f, 1.3e-19f, sum);
            least = Math.min(least, System.nanoTime() - start);
        }
        return least > calls * SLOW_FMA_NANOS || Float.isNaN(sum);
    }

    /** Loaded only after the check that the module is there. */
    private static final class VectorWidth {
        static final int COUNT = Lanes.COUNT;
    }
}
