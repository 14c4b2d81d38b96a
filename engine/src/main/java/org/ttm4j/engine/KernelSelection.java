package org.ttm4j.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.reference.ReferenceActivation;
import org.ttm4j.engine.reference.ReferenceAttention;
import org.ttm4j.engine.reference.ReferenceElementwise;
import org.ttm4j.engine.reference.ReferenceLoss;
import org.ttm4j.engine.reference.ReferenceMatMul;
import org.ttm4j.engine.reference.ReferenceNorm;
import org.ttm4j.engine.reference.ReferenceOptimizer;
import org.ttm4j.engine.reference.ReferenceSeries;
import org.ttm4j.engine.scalar.FusedMultiplyAdd;
import org.ttm4j.engine.scalar.ScalarActivation;
import org.ttm4j.engine.scalar.ScalarElementwise;
import org.ttm4j.engine.scalar.ScalarMatMul;
import org.ttm4j.engine.scalar.ScalarNorm;
import org.ttm4j.engine.scalar.ScalarOptimizer;
import org.ttm4j.engine.scalar.ScalarSeries;
import org.ttm4j.engine.vector.Lanes;
import org.ttm4j.engine.vector.VectorActivation;
import org.ttm4j.engine.vector.VectorElementwise;
import org.ttm4j.engine.vector.VectorMatMul;
import org.ttm4j.engine.vector.VectorNorm;
import org.ttm4j.engine.vector.VectorSeries;

/**
 * Chooses the kernels of this JVM, once, at first use. The system property {@code ttm4j.kernels} says how:
 *
 * <ul>
 *   <li>{@code auto}, the default: the vector kernels if they run and are faster, otherwise the scalar kernels; one
 *       line to the logger {@code org.ttm4j.engine} then says why and what would change it;
 *   <li>{@code scalar}: the scalar kernels;
 *   <li>{@code vector}: the vector kernels, also on vectors of only 128 bits, or an exception if they cannot run or
 *       would be slow;
 *   <li>{@code reference}: the slow but readable kernels of {@link org.ttm4j.engine.reference}, for comparison.
 * </ul>
 *
 * <p>A program may also use several sets at once: {@link #reference}, {@link #scalar} and {@link #vector} do not depend
 * on the property. {@code ttm4j.vectorBits} (128, 256 or 512) forces the width of the vectors, for tests. The results
 * of different sets differ in rounding. Nothing else is logged, because loading a logger takes longer than choosing the
 * kernels; {@link #reason()} describes the choice in every case. Thread-safe.
 */
public final class KernelSelection {
    private static final String PROPERTY = "ttm4j.kernels";

    private KernelSelection() {}

    /**
     * The kernel set that was chosen for this JVM.
     *
     * @throws IllegalStateException when {@code ttm4j.kernels} asks for vector kernels that cannot run here
     * @throws IllegalArgumentException when {@code ttm4j.kernels} or {@code ttm4j.vectorBits} has an invalid value
     */
    public static Kernels active() {
        return Choice.MADE.orThrow().kernels;
    }

    /** A sentence that says why {@link #active()} was chosen. Throws the same exceptions. */
    public static String reason() {
        return Choice.MADE.orThrow().reason;
    }

    /**
     * True if {@link #active()} may turn out to be the vector kernels without being told to: neither property is set,
     * and the module jdk.incubator.vector is present. Loads no kernels.
     */
    public static boolean mayChooseVectors() {
        return System.getProperty(PROPERTY, "auto").equals("auto") && System.getProperty(Jvm.VECTOR_BITS) == null
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** The kernels as plain loops, which state the formulas. They run on every JVM, slowly. */
    public static Kernels reference() {
        return Reference.KERNELS;
    }

    /** The kernels in plain Java whose loops the JIT compiler vectorises. They run on every JVM. */
    public static Kernels scalar() {
        return Scalar.KERNELS;
    }

    /**
     * The kernels on the JDK Vector API.
     *
     * @throws IllegalStateException when they cannot run in this JVM or would be slow; the message says why
     */
    public static Kernels vector() {
        String obstacle = Jvm.obstacleToVectors();
        if (obstacle == null) obstacle = Jvm.wrongVectorBits();
        if (obstacle != null) throw new IllegalStateException("no vector kernels here: " + obstacle);
        return Vector.KERNELS;
    }

    /**
     * The chosen kernels, or the error message if there are none. The static initialiser stores an error instead of
     * throwing it: an exception thrown there would reach the caller as an ExceptionInInitializerError, and only once.
     */
    private record Choice(Kernels kernels, String reason, boolean argumentIsWrong) {
        static final Choice MADE = choose(System.getProperty(PROPERTY, "auto"));

        private static Choice choose(String wanted) {
            String wrong = Jvm.wrongVectorBits();
            if (wrong != null) return new Choice(null, wrong, true);
            String asked = wanted + " kernels, as " + PROPERTY + " asks";
            return switch (wanted) {
                case "auto" -> auto();
                case "scalar" -> new Choice(scalar(), asked, false);
                case "reference" -> new Choice(reference(), asked, false);
                case "vector" -> {
                    String obstacle = Jvm.obstacleToVectors();
                    if (obstacle == null) yield new Choice(vector(), asked, false);
                    yield new Choice(null, PROPERTY + " asks for vector kernels, but " + obstacle, false);
                }
                default -> new Choice(null,
                        PROPERTY + " is '" + wanted + "'; allowed are auto, vector, scalar and reference", true);
            };
        }

        private static Choice auto() {
            String obstacle = Jvm.obstacleToVectors();
            if (obstacle == null) obstacle = Jvm.obstacleToFastVectors();
            if (obstacle == null) return new Choice(vector(), "vector kernels", false);
            String reason = "scalar kernels, which are several times slower than vector kernels: " + obstacle;
            System.getLogger("org.ttm4j.engine").log(System.Logger.Level.INFO, reason);
            return new Choice(scalar(), reason, false);
        }

        /** This choice. Throws a new exception for each call, so that the stack trace is the caller's. */
        Choice orThrow() {
            if (kernels != null) return this;
            throw argumentIsWrong ? new IllegalArgumentException(reason) : new IllegalStateException(reason);
        }
    }

    private static final class Reference {
        static final Kernels KERNELS = new Kernels("reference", new ReferenceMatMul(), new ReferenceNorm(),
                new ReferenceActivation(), new ReferenceElementwise(), new ReferenceAttention(), new ReferenceLoss(),
                new ReferenceOptimizer(), new ReferenceSeries());
    }

    private static final class Scalar {
        static final Kernels KERNELS = new Kernels("scalar", new ScalarMatMul(), new ScalarNorm(),
                new ScalarActivation(), new ScalarElementwise(), new ReferenceAttention(), new ReferenceLoss(),
                new ScalarOptimizer(), new ScalarSeries());
    }

    /** The vector kernels, in a class that is never loaded if jdk.incubator.vector is missing. */
    private static final class Vector {
        static final Kernels KERNELS = new Kernels("vector", new VectorMatMul(), new VectorNorm(),
                new VectorActivation(), new VectorElementwise(), new ReferenceAttention(), new ReferenceLoss(),
                new ScalarOptimizer(), new VectorSeries());
    }

    /** What this JVM lacks for the vector kernels. Without C2 the Vector API is several times slower than plain Java. */
    static final class Jvm {
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
            if (ModuleLayer.boot().findModule("jdk.management").isEmpty()) return null;
            return Flags.obstacle();
        }

        /**
         * Why the vector kernels would run but not be faster than plain Java; null if they would be faster. Called only where
         * nothing is an {@linkplain #obstacleToVectors obstacle to vectors}, as it loads Lanes, which needs
         * jdk.incubator.vector.
         */
        static String obstacleToFastVectors() {
            boolean arm = System.getProperty("os.arch", "").equals("aarch64");
            int bits = 32 * Lanes.COUNT;
            String remedy = "; start java without -XX:UseAVX, -XX:MaxVectorSize and ttm4j.vectorBits";
            if (Lanes.COUNT > Lanes.MOST) return "no instruction here computes vectors of " + bits + " bits" + remedy;
            return bits >= 256 || arm ? null : "vectors have only " + bits + " bits" + remedy;
        }

        /**
         * The flags of the JVM, read because the system properties reveal neither the effect of -XX:TieredStopAtLevel=0, 2
         * and 3, of -XX:-UseCompiler and of -XX:-EnableVectorSupport, nor that Graal replaces C2. This takes some 10 ms and
         * is therefore the last check. A class of its own, because without the module jdk.management, where C2 is assumed,
         * it cannot be loaded.
         */
        private static final class Flags {
            static final HotSpotDiagnosticMXBean BEAN = ManagementFactory
                    .getPlatformMXBean(HotSpotDiagnosticMXBean.class);

            /** As {@link Jvm#obstacleToVectors}. */
            static String obstacle() {
                if (is("EnableVectorSupport", "false")) {
                    return "C2 compiles no vectors; start java without -XX:-EnableVectorSupport";
                }
                boolean withoutC2 = is("UseCompiler", "false") || is("UseJVMCICompiler", "true")
                        || is("TieredCompilation", "true")
                                && Stream.of("0", "1", "2", "3").anyMatch(level -> is("TieredStopAtLevel", level));
                return withoutC2
                        ? "the JVM does not compile with C2; start java without -XX:TieredStopAtLevel, -XX:-UseCompiler and Graal"
                        : null;
            }

            /** True if the flag has this value; false if it has another one or the JVM does not know the flag. */
            static boolean is(String flag, String value) {
                try {
                    return BEAN.getVMOption(flag).getValue().equals(value);
                } catch (IllegalArgumentException e) {
                    return false;
                }
            }
        }
    }
}
