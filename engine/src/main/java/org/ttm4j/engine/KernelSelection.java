package org.ttm4j.engine;

import org.ttm4j.engine.scalar.ScalarActivation;
import org.ttm4j.engine.scalar.ScalarAttention;
import org.ttm4j.engine.scalar.ScalarElementwise;
import org.ttm4j.engine.scalar.ScalarLoss;
import org.ttm4j.engine.scalar.ScalarMatMul;
import org.ttm4j.engine.scalar.ScalarNorm;
import org.ttm4j.engine.scalar.ScalarOptimizer;
import org.ttm4j.engine.vector.VectorActivation;
import org.ttm4j.engine.vector.VectorElementwise;
import org.ttm4j.engine.vector.VectorMatMul;
import org.ttm4j.engine.vector.VectorNorm;

/**
 * Chooses the kernels of this JVM, once, at first use. The system property {@code ttm4j.kernels} says how:
 *
 * <ul>
 *   <li>{@code auto}, the default: the vector kernels where they pay (see {@link Jvm}), else the scalar ones, and then
 *       one line to the logger {@code org.ttm4j.engine} says why and what would change it;
 *   <li>{@code scalar}: the scalar kernels;
 *   <li>{@code vector}: the vector kernels, on vectors of 128 bits too, or an exception where they would not run well.
 * </ul>
 *
 * <p>{@code ttm4j.vectorBits} (128, 256 or 512) forces the width of the vectors, for tests. Results of the two sets
 * differ in rounding. The only message is the one above: to load a logger takes longer than all the rest, so
 * {@link #reason()} tells the usual case. Thread-safe.
 */
public final class KernelSelection {
    private static final String PROPERTY = "ttm4j.kernels";

    private KernelSelection() {}

    /**
     * The set that this JVM chose.
     *
     * @throws IllegalStateException when {@code ttm4j.kernels} asks for vector kernels that cannot run here
     * @throws IllegalArgumentException when a property has a value that it may not have
     */
    public static Kernels active() {
        if (Choice.MADE.kernels == null) throw Choice.MADE.failure();
        return Choice.KERNELS;
    }

    /** Why {@link #active()} is what it is, in a sentence. Throws as it does. */
    public static String reason() {
        if (Choice.MADE.kernels == null) throw Choice.MADE.failure();
        return Choice.MADE.reason;
    }

    /**
     * Whether {@link #active()} is this class's own choice, which may fall on the vector kernels: no property names the
     * set or its vectors, and the module is present. Loads no kernels.
     */
    public static boolean mayChooseVectors() {
        return System.getProperty(PROPERTY, "auto").equals("auto") && System.getProperty(Jvm.VECTOR_BITS) == null
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** The reference kernels in plain Java, which run on every JVM. */
    public static Kernels scalar() {
        return Scalar.KERNELS;
    }

    /**
     * The kernels on the JDK Vector API.
     *
     * @throws IllegalStateException when they cannot run well in this JVM; the message says why
     */
    public static Kernels vector() {
        String obstacle = Jvm.obstacleToVectors();
        if (obstacle == null) obstacle = Jvm.wrongVectorBits();
        if (obstacle != null) throw new IllegalStateException("no vector kernels here: " + obstacle);
        return Vector.KERNELS;
    }

    /**
     * What was chosen, or the failure to choose. A failure is held, not thrown, by the static initialiser: thrown from
     * there it would reach the caller as an ExceptionInInitializerError, and only once.
     */
    private record Choice(Kernels kernels, String reason, boolean argumentIsWrong) {
        static final Choice MADE = choose(System.getProperty(PROPERTY, "auto"));

        /** A constant for the compiler, which then calls the chosen kernels directly. */
        static final Kernels KERNELS = MADE.kernels;

        private static Choice choose(String wanted) {
            String wrong = Jvm.wrongVectorBits();
            if (wrong != null) return new Choice(null, wrong, true);
            if (wanted.equals("scalar")) {
                return new Choice(scalar(), "scalar kernels, as " + PROPERTY + " asks", false);
            }
            if (wanted.equals("vector")) {
                String obstacle = Jvm.obstacleToVectors();
                if (obstacle != null)
                    return new Choice(null, PROPERTY + " asks for vector kernels, but " + obstacle, false);
                return new Choice(vector(), "vector kernels, as " + PROPERTY + " asks", false);
            }
            if (wanted.equals("auto")) {
                String obstacle = Jvm.obstacleToVectors();
                if (obstacle == null) obstacle = Jvm.obstacleToFastVectors();
                if (obstacle == null) return new Choice(vector(), "vector kernels", false);
                String reason = "scalar kernels, which are several times slower than vector kernels: " + obstacle;
                System.getLogger("org.ttm4j.engine").log(System.Logger.Level.INFO, reason);
                return new Choice(scalar(), reason, false);
            }
            return new Choice(null, PROPERTY + " is '" + wanted + "'; allowed are auto, scalar and vector", true);
        }

        /** A new exception for each call, so that the stack trace is the caller's. */
        RuntimeException failure() {
            return argumentIsWrong ? new IllegalArgumentException(reason) : new IllegalStateException(reason);
        }
    }

    private static final class Scalar {
        static final Kernels KERNELS = kernels();

        private static Kernels kernels() {
            ActivationKernels activation = new ScalarActivation();
            return new Kernels("scalar", new ScalarMatMul(activation), new ScalarNorm(), activation,
                    new ScalarElementwise(), new ScalarAttention(), new ScalarLoss(), new ScalarOptimizer());
        }
    }

    /** The only class that names vector kernels: it is not loaded where jdk.incubator.vector is missing. */
    private static final class Vector {
        static final Kernels KERNELS = kernels();

        private static Kernels kernels() {
            ActivationKernels activation = new VectorActivation();
            return new Kernels("vector", new VectorMatMul(activation), new VectorNorm(), activation,
                    new VectorElementwise(), new ScalarAttention(), new ScalarLoss(), new ScalarOptimizer());
        }
    }
}
