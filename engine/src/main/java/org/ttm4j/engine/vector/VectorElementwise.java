package org.ttm4j.engine.vector;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.SPECIES;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.ttm4j.engine.kernel.CounterRandom;
import org.ttm4j.engine.scalar.ScalarElementwise;

/**
 * The elementwise kernels on the JDK Vector API. Even the simplest loops gain, because C2 does not vectorise a loop
 * over arrays with unrelated offsets. The formulas are in {@link org.ttm4j.engine.reference.ReferenceElementwise}.
 */
public final class VectorElementwise extends ScalarElementwise {
    /** A sum over many rows is built from partial sums over this number, for accuracy and to stay in the cache. */
    private static final int ROWS = 64;

    @Override
    public void add(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            load(a, aOffset + i).add(load(b, bOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            load(a, aOffset + i, tail).add(load(b, bOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void addScaled(float[] y, int yOffset, float[] x, int xOffset, float factor, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            load(x, xOffset + i).fma(broadcast(factor), load(y, yOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            load(x, xOffset + i, tail).fma(broadcast(factor), load(y, yOffset + i, tail))
                    .intoArray(y, yOffset + i, tail);
        }
    }

    @Override
    public void multiply(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n,
            boolean accumulate) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector factor = load(a, aOffset + i);
            if (accumulate) factor.fma(load(b, bOffset + i), load(y, yOffset + i)).intoArray(y, yOffset + i);
            else factor.mul(load(b, bOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector factor = load(a, aOffset + i, tail);
            if (accumulate) {
                factor.fma(load(b, bOffset + i, tail), load(y, yOffset + i, tail)).intoArray(y, yOffset + i, tail);
            } else {
                factor.mul(load(b, bOffset + i, tail)).intoArray(y, yOffset + i, tail);
            }
        }
    }

    @Override
    public void addColumnSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n) {
        for (int row = 0; row < rows; row += ROWS) {
            addTileSums(sums, sumsOffset, x, xOffset + row * n, Math.min(ROWS, rows - row), n);
        }
    }

    private static void addTileSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n) {
        int j = 0;
        for (; j <= n - 4 * COUNT; j += 4 * COUNT) {
            // Four running sums hide the latency of an addition.
            FloatVector sum0 = broadcast(0);
            FloatVector sum1 = broadcast(0);
            FloatVector sum2 = broadcast(0);
            FloatVector sum3 = broadcast(0);
            for (int row = 0, at = xOffset + j; row < rows; row++, at += n) {
                sum0 = load(x, at).add(sum0);
                sum1 = load(x, at + COUNT).add(sum1);
                sum2 = load(x, at + 2 * COUNT).add(sum2);
                sum3 = load(x, at + 3 * COUNT).add(sum3);
            }
            int to = sumsOffset + j;
            load(sums, to).add(sum0).intoArray(sums, to);
            load(sums, to + COUNT).add(sum1).intoArray(sums, to + COUNT);
            load(sums, to + 2 * COUNT).add(sum2).intoArray(sums, to + 2 * COUNT);
            load(sums, to + 3 * COUNT).add(sum3).intoArray(sums, to + 3 * COUNT);
        }
        for (; j <= n - COUNT; j += COUNT) {
            FloatVector sum = broadcast(0);
            for (int row = 0, at = xOffset + j; row < rows; row++, at += n) sum = load(x, at).add(sum);
            load(sums, sumsOffset + j).add(sum).intoArray(sums, sumsOffset + j);
        }
        if (j < n) {
            VectorMask<Float> tail = Lanes.tail(n - j);
            FloatVector sum = broadcast(0);
            for (int row = 0, at = xOffset + j; row < rows; row++, at += n) sum = load(x, at, tail).add(sum);
            load(sums, sumsOffset + j, tail).add(sum).intoArray(sums, sumsOffset + j, tail);
        }
    }

    @Override
    public void addRowSums(float[] sums, int sumsOffset, float[] x, int xOffset, int blocks, int n, int d) {
        int whole = d - d % COUNT;
        VectorMask<Float> tail = Lanes.tail(d - whole);
        float[] lanes = Lanes.scratch();
        for (int i = 0; i < n; i++) {
            FloatVector total = broadcast(0);
            for (int block = 0; block < blocks; block++) {
                int row = xOffset + (block * n + i) * d;
                FloatVector sum = whole < d ? fromArray(SPECIES, x, row + whole, tail) : broadcast(0);
                for (int j = 0; j < whole; j += COUNT) sum = load(x, row + j).add(sum);
                total = broadcast(0).add(sum).add(total);
            }
            total.intoArray(lanes, 0);
            sums[sumsOffset + i] += Lanes.sum(lanes, 0);
        }
    }

    @Override
    public void dropout(float[] y, int yOffset, float[] x, int xOffset, int n, float rate, long seed,
            boolean accumulate) {
        int threshold = CounterRandom.threshold(rate);
        float factor = 1 / (1 - rate);
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector value = keep(load(x, xOffset + i).mul(factor), seed, i, threshold);
            if (accumulate) value.add(load(y, yOffset + i)).intoArray(y, yOffset + i);
            else value.intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector value = keep(load(x, xOffset + i, tail).mul(factor), seed, i, threshold);
            if (accumulate) value.add(load(y, yOffset + i, tail)).intoArray(y, yOffset + i, tail);
            else value.intoArray(y, yOffset + i, tail);
        }
    }

    /** The lanes that dropout keeps, and 0 in the others; lane i has the counter {@code counter + i}. */
    private static FloatVector keep(FloatVector v, long seed, int counter, int threshold) {
        IntVector dropped = IntVector.zero(Lanes.INTS);
        VectorMask<Integer> kept = bits(seed, counter).lanewise(VectorOperators.LSHR, 8)
                .compare(VectorOperators.GE, threshold);
        return dropped.blend(v.reinterpretAsInts(), kept).reinterpretAsFloats();
    }

    /** {@link CounterRandom#bits} of the counters from {@code counter} on. */
    private static IntVector bits(long seed, int counter) {
        IntVector x = Lanes.index().mul(CounterRandom.STEP).add(counter * CounterRandom.STEP + (int) seed);
        x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16)).mul(CounterRandom.FIRST);
        x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15)).mul(CounterRandom.SECOND);
        x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16))
                .lanewise(VectorOperators.XOR, (int) (seed >>> 32))
                .mul(CounterRandom.FIRST);
        return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
    }
}
