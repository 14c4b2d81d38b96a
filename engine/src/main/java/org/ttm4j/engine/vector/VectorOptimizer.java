package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.ttm4j.engine.OptimizerKernels;

/** The optimiser steps on the JDK Vector API. */
public final class VectorOptimizer implements OptimizerKernels {

    @Override
    public void adamW(float[] w, float[] m, float[] v, float[] g, int n, double gradientScale, double learningRate,
            double beta1, double beta2, double eps, double decay, int t) {
        float keepMean = (float) beta1;
        float addMean = (float) ((1 - beta1) * gradientScale);
        float keepSquare = (float) beta2;
        float addSquare = (float) ((1 - beta2) * gradientScale * gradientScale);
        float keepWeight = (float) (1 - learningRate * decay);
        float step = (float) (-learningRate / (1 - Math.pow(beta1, t)));
        float rootCorrection = (float) (1 / Math.sqrt(1 - Math.pow(beta2, t)));
        float epsilon = (float) eps;
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector gradient = load(g, i);
            FloatVector mean = load(m, i).mul(keepMean).add(gradient.mul(addMean));
            FloatVector square = load(v, i).mul(keepSquare).add(gradient.mul(gradient).mul(addSquare));
            mean.intoArray(m, i);
            square.intoArray(v, i);
            FloatVector root = square.lanewise(VectorOperators.SQRT).mul(rootCorrection).add(epsilon);
            load(w, i).mul(keepWeight).add(mean.mul(step).div(root)).intoArray(w, i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector gradient = load(g, i, tail);
            FloatVector mean = load(m, i, tail).mul(keepMean).add(gradient.mul(addMean));
            FloatVector square = load(v, i, tail).mul(keepSquare).add(gradient.mul(gradient).mul(addSquare));
            mean.intoArray(m, i, tail);
            square.intoArray(v, i, tail);
            FloatVector root = square.lanewise(VectorOperators.SQRT).mul(rootCorrection).add(epsilon);
            load(w, i, tail).mul(keepWeight).add(mean.mul(step).div(root)).intoArray(w, i, tail);
        }
    }
}
