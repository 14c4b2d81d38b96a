package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** A gate with an optional residual, y = x ⊙ p + r. Its weights p can be read for inspection. dr = dy. */
public abstract class Gating extends Operation {
    /** Null if there is none. */
    final Tensor residual;
    /** The weights, kept for backward; null in a graph without gradients. */
    float[] p;

    /** {@code logits} and {@code residual} may be null. */
    Gating(Tensor x, Tensor logits, Tensor residual) {
        super(x, logits, residual);
        this.residual = residual;
    }

    /** The number n of features of a weight [n, n]. Throws IllegalArgumentException if it is not square. */
    static int features(Parameter weight) {
        if (weight.shape().dim(0) == weight.shape().dim(1)) return weight.shape().dim(0);
        throw new IllegalArgumentException("gate weight " + weight.shape() + ": expected a square matrix");
    }

    /** As {@link #output}; also checks the residual and makes the memory of the weights. */
    final Tensor gatedOutput(Shape shape, Tensor... leaves) {
        if (residual != null) requireShape(residual, shape, "residual");
        Tensor output = output(shape, leaves);
        p = output.needsGrad() ? new float[shape.size()] : null;
        return output;
    }

    /** The weights of the last run, not copied, in the shape of the output; null in a graph without gradients. */
    public final float[] weights() {
        return p;
    }

    /** Comes last in backward: dr may share the memory of dy, and there is nothing to copy then. */
    final void passResidualGrad() {
        if (residual != null) Add.passGrad(residual, y.grad());
    }

    @Override
    protected final Tensor overwritesGradient() {
        return residual;
    }
}
