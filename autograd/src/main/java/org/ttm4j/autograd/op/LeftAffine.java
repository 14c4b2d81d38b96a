package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * The product of a linear layer over the second last axis, optionally followed by GELU. It mixes patches (or channels)
 * without a transpose.
 * <pre>
 * y = W·x + b                dx = Wᵀ·dz,  dW = Σ blocks dz·xᵀ,  db = Σ blocks, columns dz
 * y = gelu(W·x + b)          dz = dy ⊙ gelu′(W·x + b), otherwise dz = dy
 * </pre>
 * x: [..., in, d]; W: [out, in], where a weight of another rank counts as [out, all the rest]; b: [out], one per row,
 * or none; y: [..., out, d].
 */
public final class LeftAffine extends Operation {
    private final Tensor weight;
    private final Tensor bias;
    private final boolean gelu;
    private final int blocks;
    private final int in;
    private final int out;
    private final int d;
    /** gelu′ of the pre-activation; backward overwrites it with dz. */
    private final float[] slope;

    private LeftAffine(Tensor x, Parameter weight, Parameter bias, boolean gelu) {
        super(x);
        this.gelu = gelu;
        out = weight.shape().dim(0);
        in = weight.shape().product(1, weight.shape().rank());
        requireAxis(x, -2, in, "input");
        d = x.shape().dim(-1);
        this.weight = graph.leaf(weight);
        this.bias = bias == null ? null : graph.leaf(bias);
        y = output(x.shape().with(-2, out), this.weight, this.bias);
        blocks = x.shape().product(0, x.shape().rank() - 2);
        slope = gelu && y.needsGrad() ? new float[y.shape().size()] : null;
    }

    /** W·x + b; the bias may be null: {@code LeftAffine.of([[1, 2], [3, 4]], [[1, 1]], [10]) = [[14, 16]]}. */
    public static Tensor of(Tensor x, Parameter weight, Parameter bias) {
        return new LeftAffine(x, weight, bias, false).y;
    }

    /** gelu(W·x + b): {@code LeftAffine.gelu([[1], [-1]], [[1, 0], [0, 1]], [0, 0]) = [[0.841], [-0.159]]}. */
    public static Tensor gelu(Tensor x, Parameter weight, Parameter bias) {
        return new LeftAffine(x, weight, bias, true).y;
    }

    @Override
    public long productFlops() {
        return 2L * blocks * out * in * d;
    }

    @Override
    public String toString() {
        return gelu ? super.toString() + " with GELU" : super.toString();
    }

    @Override
    protected boolean readsOutput() {
        return false;
    }

    @Override
    protected void forward() {
        float[] w = weight.value();
        float[] b = values(bias);
        if (gelu) {
            kernels.matMul().multiplyLeftGelu(y.value(), slope, w, b, x.value(), blocks, out, in, d);
        } else {
            kernels.matMul().multiplyLeft(y.value(), w, false, b, x.value(), blocks, out, in, d, false);
        }
    }

    @Override
    protected void backward() {
        float[] dz = y.grad();
        if (gelu) {
            kernels.elementwise().multiply(slope, 0, slope, 0, dz, 0, blocks * out * d, false);
            dz = slope;
        }
        if (weight.needsGrad()) {
            kernels.matMul().addLeftTransposedProduct(weight.grad(), dz, x.value(), blocks, out, in, d);
        }
        if (bias != null && bias.needsGrad()) kernels.elementwise().addRowSums(bias.grad(), 0, dz, 0, blocks, out, d);
        if (x.needsGrad()) {
            float[] w = weight.value();
            kernels.matMul().multiplyLeft(x.grad(), w, true, null, dz, blocks, in, out, d, x.accumulatesGrad());
        }
    }
}
