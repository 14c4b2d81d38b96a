package org.ttm4j.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ttm4j.engine.scalar.FusedMultiplyAdd;
import org.ttm4j.engine.vector.Lanes;

/** What this JVM lacks for the vector kernels. Without C2 the Vector API is several times slower than plain Java. */
final class Jvm {
    static final String VECTOR_BITS = "ttm4j.vectorBits";

    private Jvm() {}

    /** An error message if {@code ttm4j.vectorBits}, which forces a vector width, is invalid; otherwise null. */
    static String wrongVectorBits() {
        String bits = System.getProperty(VECTOR_BITS);
        if (bits == null || Set.of("128", "256", "512").contains(bits)) return null;
        return VECTOR_BITS + " is '" + bits + "'; allowed are 128, 256 and 512";
    }

    /** Why the vector kernels cannot run, or would be slower than plain Java, and what to do; null if they can run. */
    static String obstacleToVectors() {
        Optional<Module> vectorApi = ModuleLayer.boot().findModule("jdk.incubator.vector");
        if (vectorApi.isEmpty()) {
            return "the module jdk.incubator.vector is absent; start java with --add-modules jdk.incubator.vector";
        }
        // The module is optional, so module-info does not require it; the read edge is added here, where the module is
        // known to be present.
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
        if (!FusedMultiplyAdd.FAST) {
            return "the processor's fused multiply-add is absent or off; start java without -XX:-UseFMA and -XX:UseAVX";
        }
        if (withoutC2()) {
            return "the JVM does not compile with C2; start java without -XX:TieredStopAtLevel, -XX:-UseCompiler and Graal";
        }
        return null;
    }

    /** Why the vector kernels would run but not be faster than plain Java; null if they would be faster. */
    static String obstacleToFastVectors() {
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        int bits = 32 * VectorWidth.COUNT;
        if (bits >= 256 || arm) return null;
        return "vectors have only " + bits
                + " bits; start java without -XX:UseAVX, -XX:MaxVectorSize and ttm4j.vectorBits";
    }

    /**
     * True if the JVM never compiles with C2. The system properties do not reveal the effect of
     * -XX:TieredStopAtLevel=0, 2 and 3 and of -XX:-UseCompiler, nor that Graal replaces C2, so the flags themselves are
     * read. This takes some 10 ms and is therefore the last check. Without the module jdk.management flags cannot be
     * read, and C2 is assumed.
     */
    private static boolean withoutC2() {
        if (ModuleLayer.boot().findModule("jdk.management").isEmpty()) return false;
        return Flags.is("UseCompiler", "false") || Flags.is("UseJVMCICompiler", "true")
                || Flags.is("TieredCompilation", "true")
                        && Stream.of("0", "1", "2", "3").anyMatch(level -> Flags.is("TieredStopAtLevel", level));
    }

    /** A class of its own, so that it is loaded only after the check that the module jdk.management is present. */
    private static final class Flags {
        static final HotSpotDiagnosticMXBean BEAN = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

        /** True if the flag has this value; false if it has another one or the JVM does not know the flag. */
        static boolean is(String flag, String value) {
            try {
                return BEAN.getVMOption(flag).getValue().equals(value);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** A class of its own, so that it is loaded only after the check that the module jdk.incubator.vector is present. */
    private static final class VectorWidth {
        static final int COUNT = Lanes.COUNT;
    }
}
