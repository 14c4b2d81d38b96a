package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.scalar.ScalarActivation;
import org.ttm4j.engine.scalar.ScalarMatMul;
import org.ttm4j.engine.vector.VectorMatMul;

/** Every product of both implementations against a double-precision loop, between guard zones. */
class MatMulKernelsTest {
    private static final ActivationKernels ACTIVATION = new ScalarActivation();

    /** Elements before and after every operand: the offset, and an area that must stay as it was. */
    private static final int GUARD = 5;

    private static final float GUARD_VALUE = -12345.5f;

    /** m, n, k of products from the right: empty, one, around the lanes and tiles, primes, the model's. */
    private static final int[][] RIGHT = {{0, 5, 3}, {3, 0, 5}, {3, 5, 0}, {1, 1, 1}, {2, 3, 2}, {4, 7, 5}, {5, 8, 9},
            {7, 9, 4}, {8, 15, 16}, {9, 16, 17}, {17, 17, 7}, {3, 31, 13}, {13, 33, 31}, {16, 47, 3}, {11, 49, 11},
            {23, 65, 8}, {10, 79, 97}, {37, 97, 101}, {8, 192, 64}, {24, 384, 192}, {16, 192, 384}, {32, 96, 48},
            {64, 48, 48}, {8, 256, 128}, {16, 128, 256}, {1, 96, 1024}, {6, 96, 1024}, {300, 48, 192}, {9, 192, 96}};

    /** blocks, n, k, d of products from the left. */
    private static final int[][] LEFT = {{0, 4, 4, 4}, {1, 1, 1, 1}, {2, 3, 5, 0}, {2, 3, 2, 7}, {3, 5, 7, 9},
            {2, 9, 4, 15}, {4, 4, 9, 16}, {1, 13, 6, 17}, {5, 7, 11, 31}, {2, 8, 8, 33}, {3, 16, 8, 47},
            {1, 17, 13, 97}, {3, 16, 8, 192}, {4, 8, 16, 192}, {17, 8, 8, 128}, {9, 32, 16, 96}, {5, 64, 32, 48},
            {9, 32, 64, 48}, {9, 150, 75, 10}};

    static Stream<MatMulKernels> implementations() {
        MatMulKernels scalar = new ScalarMatMul(ACTIVATION);
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? Stream.of(scalar, new VectorMatMul(ACTIVATION)) : Stream.of(scalar);
    }

    private static Stream<Arguments> each(int[][] sizes) {
        return implementations().flatMap(kernels -> Stream.of(sizes).map(size -> Arguments.of(kernels, size)));
    }

    static Stream<Arguments> right() {
        return each(RIGHT);
    }

    static Stream<Arguments> left() {
        return each(LEFT);
    }

    @ParameterizedTest
    @MethodSource("right")
    void multiplies(MatMulKernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        float[] x = operand(1, m * k);
        float[] w = operand(2, n * k);
        float[] b = guarded(k * n);
        for (int i = 0; i < k * n; i++) {
            b[GUARD + i] = w[GUARD + i % n * k + i / n];
        }
        float[] bias = operand(3, n);
        float[] packed = new float[kernels.packedSize(k, n)];
        for (boolean transposed : new boolean[]{false, true}) {
            Arrays.fill(packed, Float.NaN);
            if (transposed) {
                kernels.packTransposed(packed, w, GUARD, k, n);
            } else {
                kernels.pack(packed, b, GUARD, k, n);
            }
            for (int form = 0; form < 4; form++) {
                boolean accumulate = (form & 1) != 0;
                boolean withBias = (form & 2) != 0;
                Expected expected = new Expected(m * n);
                float[] y = accumulate ? operand(4, m * n) : guarded(m * n);
                for (int i = 0; i < m * n; i++) {
                    if (accumulate) {
                        expected.add(i, 1, y[GUARD + i]);
                    }
                    if (withBias) {
                        expected.add(i, 1, bias[GUARD + i % n]);
                    }
                    for (int p = 0; p < k; p++) {
                        expected.add(i, x[GUARD + i / n * k + p], b[GUARD + p * n + i % n]);
                    }
                }
                kernels.multiply(y, GUARD, x, GUARD, packed, withBias ? bias : null, GUARD, m, n, k, accumulate);
                expected.check(y, "form " + form);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("right")
    void addsTransposedProduct(MatMulKernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        float[] dy = operand(1, m * n);
        float[] x = operand(2, m * k);
        float[] dw = operand(3, n * k);
        Expected expected = new Expected(n * k);
        for (int i = 0; i < n * k; i++) {
            expected.add(i, 1, dw[GUARD + i]);
            for (int p = 0; p < m; p++) {
                expected.add(i, dy[GUARD + p * n + i / k], x[GUARD + p * k + i % k]);
            }
        }
        kernels.addTransposedProduct(dw, GUARD, dy, GUARD, x, GUARD, m, n, k);
        expected.check(dw, "dw");
    }

    @ParameterizedTest
    @MethodSource("left")
    void multipliesLeft(MatMulKernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        float[] w = operand(1, n * k);
        float[] bias = operand(2, n);
        float[] x = operand(3, blocks * k * d);
        for (int form = 0; form < 8; form++) {
            boolean accumulate = (form & 1) != 0;
            boolean withBias = (form & 2) != 0;
            boolean transposed = (form & 4) != 0;
            float[] y = accumulate ? operand(4, blocks * n * d) : guarded(blocks * n * d);
            Expected expected = new Expected(blocks * n * d);
            for (int at = 0; at < blocks * n * d; at++) {
                int i = at / d % n;
                if (accumulate) {
                    expected.add(at, 1, y[GUARD + at]);
                }
                if (withBias) {
                    expected.add(at, 1, bias[GUARD + i]);
                }
                for (int p = 0; p < k; p++) {
                    float factor = w[GUARD + (transposed ? p * n + i : i * k + p)];
                    expected.add(at, factor, x[GUARD + (at / (n * d) * k + p) * d + at % d]);
                }
            }
            kernels.multiplyLeft(y, GUARD, w, GUARD, transposed, withBias ? bias : null, GUARD, x, GUARD, blocks, n, k,
                    d, accumulate);
            expected.check(y, "form " + form);
        }
    }

    @ParameterizedTest
    @MethodSource("left")
    void addsLeftTransposedProduct(MatMulKernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        float[] dy = operand(1, blocks * n * d);
        float[] x = operand(2, blocks * k * d);
        float[] dw = operand(3, n * k);
        Expected expected = new Expected(n * k);
        for (int i = 0; i < n * k; i++) {
            expected.add(i, 1, dw[GUARD + i]);
            for (int p = 0; p < blocks * d; p++) {
                int dyRow = p / d * n + i / k;
                int xRow = p / d * k + i % k;
                expected.add(i, dy[GUARD + dyRow * d + p % d], x[GUARD + xRow * d + p % d]);
            }
        }
        kernels.addLeftTransposedProduct(dw, GUARD, dy, GUARD, x, GUARD, blocks, n, k, d);
        expected.check(dw, "dw");
    }

    /** The fused forms are the product followed by the activation, to the last bit. */
    @ParameterizedTest
    @MethodSource("right")
    void multipliesAndActivates(MatMulKernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        float[] x = operand(1, m * k);
        float[] bias = operand(3, n);
        float[] packed = new float[kernels.packedSize(k, n)];
        kernels.pack(packed, operand(2, k * n), GUARD, k, n);
        float[] product = guarded(m * n);
        kernels.multiply(product, GUARD, x, GUARD, packed, bias, GUARD, m, n, k, false);
        checkActivated(product, m * n,
                (y, slope) -> kernels.multiplyGelu(y, GUARD, slope, GUARD, x, GUARD, packed, bias, GUARD, m, n, k));
    }

    @ParameterizedTest
    @MethodSource("left")
    void multipliesLeftAndActivates(MatMulKernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        float[] w = operand(1, n * k);
        float[] bias = operand(2, n);
        float[] x = operand(3, blocks * k * d);
        float[] product = guarded(blocks * n * d);
        kernels.multiplyLeft(product, GUARD, w, GUARD, false, bias, GUARD, x, GUARD, blocks, n, k, d, false);
        checkActivated(product, blocks * n * d, (y, slope) -> kernels.multiplyLeftGelu(y, GUARD, slope, GUARD, w, GUARD,
                bias, GUARD, x, GUARD, blocks, n, k, d));
    }

    /** A row's result does not depend on the rows, nor a block's on the blocks, that are computed with it. */
    @ParameterizedTest
    @MethodSource("implementations")
    void resultIsTheSameInEveryBatch(MatMulKernels kernels) {
        int m = 37;
        for (int n : new int[]{1, 17, 48, 83, 128}) {
            int k = 129;
            float[] packed = new float[kernels.packedSize(k, n)];
            kernels.pack(packed, operand(1, k * n), GUARD, k, n);
            float[] x = operand(2, m * k);
            float[] bias = operand(3, n);
            float[] all = guarded(m * n);
            kernels.multiply(all, GUARD, x, GUARD, packed, bias, GUARD, m, n, k, false);
            float[] single = guarded(m * n);
            for (int i = 0; i < m; i++) {
                kernels.multiply(single, GUARD + i * n, x, GUARD + i * k, packed, bias, GUARD, 1, n, k, false);
            }
            assertBitsEqual(all, single, "rows of " + n);
        }
        int blocks = 5;
        float[] w = operand(4, 13 * 9);
        float[] x = operand(5, blocks * 9 * 75);
        float[] all = guarded(blocks * 13 * 75);
        kernels.multiplyLeft(all, GUARD, w, GUARD, false, null, 0, x, GUARD, blocks, 13, 9, 75, false);
        float[] single = guarded(blocks * 13 * 75);
        for (int b = 0; b < blocks; b++) {
            kernels.multiplyLeft(single, GUARD + b * 13 * 75, w, GUARD, false, null, 0, x, GUARD + b * 9 * 75, 1, 13, 9,
                    75, false);
        }
        assertBitsEqual(all, single, "blocks");
    }

    /** NaN and infinity reach exactly the outputs that depend on them, as IEEE 754 has it. */
    @ParameterizedTest
    @MethodSource("implementations")
    void propagatesNanAndInfinity(MatMulKernels kernels) {
        int m = 11;
        int n = 21;
        int k = 6;
        float[] x = operand(1, m * k);
        float[] b = operand(2, k * n);
        x[GUARD + 3 * k + 2] = Float.NaN;
        x[GUARD + 9 * k + 5] = Float.POSITIVE_INFINITY;
        b[GUARD + 5 * n + 20] = 0;
        float[] packed = new float[kernels.packedSize(k, n)];
        kernels.pack(packed, b, GUARD, k, n);
        float[] right = guarded(m * n);
        kernels.multiply(right, GUARD, x, GUARD, packed, null, 0, m, n, k, false);
        float[] left = guarded(m * n);
        kernels.multiplyLeft(left, GUARD, x, GUARD, false, null, 0, b, GUARD, 1, m, k, n, false);
        for (float[] y : new float[][]{right, left}) {
            for (int i = 0; i < m * n; i++) {
                float infinity = b[GUARD + 5 * n + i % n] * Float.POSITIVE_INFINITY;
                float value = y[GUARD + i];
                String place = kernels.getClass().getSimpleName() + " row " + i / n + " column " + i % n;
                if (i / n == 3) {
                    assertTrue(Float.isNaN(value), place);
                } else if (i / n == 9) {
                    assertEquals(infinity, value, place);
                } else {
                    assertTrue(Float.isFinite(value), place);
                }
            }
        }
    }

    private interface Fused {
        void run(float[] y, float[] slope);
    }

    private static void checkActivated(float[] product, int size, Fused fused) {
        float[] expectedY = guarded(size);
        float[] expectedSlope = guarded(size);
        ACTIVATION.geluWithSlope(expectedY, GUARD, expectedSlope, GUARD, product, GUARD, size);
        float[] y = guarded(size);
        float[] slope = guarded(size);
        fused.run(y, slope);
        assertBitsEqual(expectedY, y, "gelu with slope");
        assertBitsEqual(expectedSlope, slope, "slope");
        ACTIVATION.gelu(expectedY, GUARD, product, GUARD, size);
        float[] alone = guarded(size);
        fused.run(alone, null);
        assertBitsEqual(expectedY, alone, "gelu");
    }

    private static void assertBitsEqual(float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            int at = i - GUARD;
            assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]),
                    () -> what + ", element " + at);
        }
    }

    private static float[] guarded(int size) {
        float[] array = new float[size + 2 * GUARD];
        Arrays.fill(array, GUARD_VALUE);
        return array;
    }

    private static float[] operand(long seed, int size) {
        Random random = new Random(seed);
        float[] array = guarded(size);
        IntStream.range(GUARD, GUARD + size).forEach(i -> array[i] = random.nextFloat(-1, 1));
        return array;
    }

    /** Sums of products in double precision, and of their magnitudes: the scale of an acceptable error. */
    private static final class Expected {
        private final double[] sum;
        private final double[] magnitude;

        Expected(int size) {
            sum = new double[size];
            magnitude = new double[size];
        }

        void add(int at, double a, double b) {
            sum[at] += a * b;
            magnitude[at] += Math.abs(a * b);
        }

        void check(float[] actual, String what) {
            for (int i = 0; i < sum.length; i++) {
                int at = i;
                assertEquals(sum[i], actual[GUARD + i], 1e-5 * magnitude[i] + 1e-30, () -> what + ", element " + at);
            }
            for (int i = 0; i < GUARD; i++) {
                assertEquals(GUARD_VALUE, actual[i], what + ": the guard before the output");
                assertEquals(GUARD_VALUE, actual[actual.length - 1 - i], what + ": the guard after the output");
            }
        }
    }
}
