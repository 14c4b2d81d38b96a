package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.ScalarSeries;

/** The convolution keeps its sums in registers, with one load for each multiply-add. */
public final class VectorSeries extends ScalarSeries {
    @Override
    protected void convolve(float[] y, int to, float[] x, int from, float[] weights, int width, int n) {
        int t = 0;
        for (; t <= n - 4 * COUNT; t += 4 * COUNT) {
            // Four running sums hide the latency of an addition.
            FloatVector sum0 = broadcast(0);
            FloatVector sum1 = broadcast(0);
            FloatVector sum2 = broadcast(0);
            FloatVector sum3 = broadcast(0);
            for (int j = 0, at = from + t; j < width; j++, at++) {
                FloatVector weight = broadcast(weights[j]);
                sum0 = weight.fma(load(x, at), sum0);
                sum1 = weight.fma(load(x, at + COUNT), sum1);
                sum2 = weight.fma(load(x, at + 2 * COUNT), sum2);
                sum3 = weight.fma(load(x, at + 3 * COUNT), sum3);
            }
            sum0.intoArray(y, to + t);
            sum1.intoArray(y, to + t + COUNT);
            sum2.intoArray(y, to + t + 2 * COUNT);
            sum3.intoArray(y, to + t + 3 * COUNT);
        }
        for (; t <= n - COUNT; t += COUNT) {
            FloatVector sum = broadcast(0);
            for (int j = 0, at = from + t; j < width; j++, at++) sum = broadcast(weights[j]).fma(load(x, at), sum);
            sum.intoArray(y, to + t);
        }
        if (t < n) {
            VectorMask<Float> tail = Lanes.tail(n - t);
            FloatVector sum = broadcast(0);
            for (int j = 0, at = from + t; j < width; j++, at++) {
                sum = broadcast(weights[j]).fma(load(x, at, tail), sum);
            }
            sum.intoArray(y, to + t, tail);
        }
    }
}
