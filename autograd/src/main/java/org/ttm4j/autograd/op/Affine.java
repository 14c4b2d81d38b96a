package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * The product of a linear layer over the last axis, optionally followed by GELU.
 * <pre>
 * y = x·Wᵀ + b               dx = dz·W,  dW = dzᵀ·x,  db = Σ rows dz
 * y = gelu(x·Wᵀ + b)         dz = dy ⊙ gelu′(x·Wᵀ + b), otherwise dz = dy
 * </pre>
 * x: [..., in]; W: [out, in]; b: [out]; y: [..., out].
 */
public final class Affine extends Operation {
    private final Parameter weight;
    private final Tensor dWeight;
    private final Tensor bias;
    private final boolean gelu;
    private final int rows;
    private final int in;
    private final int out;
    /** gelu′ of the pre-activation; backward overwrites it with dz. */
    private final float[] slope;

    private Affine(Tensor x, Parameter weight, Parameter bias, boolean gelu) {
        super(x);
        this.weight = weight;
        this.gelu = gelu;
        out = weight.shape().dim(0);
        in = weight.shape().dim(1);
        requireAxis(x, -1, in, "input");
        dWeight = graph.leaf(weight);
        this.bias = graph.leaf(bias);
        y = output(x.shape().with(-1, out), dWeight, this.bias);
        rows = x.shape().size() / in;
        slope = gelu && y.needsGrad() ? new float[y.shape().size()] : null;
    }

    /** x·Wᵀ + b: {@code Affine.of([[1, 2]], [[1, 0], [0, 1], [1, 1]], [0, 0, 10]) = [[1, 2, 13]]}. */
    public static Tensor of(Tensor x, Parameter weight, Parameter bias) {
        return new Affine(x, weight, bias, false).y;
    }

    /** gelu(x·Wᵀ + b): {@code Affine.gelu([[1, -1]], [[1, 0], [0, 1]], [0, 0]) = [[0.841, -0.159]]}. */
    public static Tensor gelu(Tensor x, Parameter weight, Parameter bias) {
        return new Affine(x, weight, bias, true).y;
    }

    @Override
    public long productFlops() {
        return 2L * rows * out * in;
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
        float[] packed = weight.packedTransposed(kernels.matMul());
        if (gelu) {
            kernels.matMul().multiplyGelu(y.value(), slope, x.value(), packed, bias.value(), rows, out, in);
        } else {
            kernels.matMul().multiply(y.value(), x.value(), packed, bias.value(), rows, out, in, false);
        }
    }

    @Override
    protected void backward() {
        float[] dz = y.grad();
        if (gelu) {
            kernels.elementwise().multiply(slope, 0, slope, 0, dz, 0, rows * out, false);
            dz = slope;
        }
        if (dWeight.needsGrad()) {
            kernels.matMul().addTransposedProduct(dWeight.grad(), dz, x.value(), rows, out, in);
        }
        if (bias.needsGrad()) kernels.elementwise().addColumnSums(bias.grad(), 0, dz, 0, rows, out);
        if (x.needsGrad()) {
            float[] packed = weight.packed(kernels.matMul());
            kernels.matMul().multiply(x.grad(), dz, packed, null, rows, in, out, x.accumulatesGrad());
        }
    }
}
