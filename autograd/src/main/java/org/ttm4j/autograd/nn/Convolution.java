package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.engine.Shape;

/**
 * A convolution over time, as deep learning defines it (a correlation): y[o, t] = b[o] + Σ over i and j of
 * W[o, i, j]·x[i, t + j − kernel/2], with zeros beyond both ends. Keys: {@code weight [out, in, kernel]}, {@code bias [out]}.
 */
public final class Convolution extends Layer {
    private final Parameter weight;
    private final Parameter bias;

    /** Maps {@code in} to {@code out} channels. The kernel is odd, and 1 if there are several input channels. */
    public Convolution(int in, int out, int kernel) {
        if (kernel % 2 == 0 || kernel > 1 && in > 1) {
            throw new IllegalArgumentException(
                    "kernel " + kernel + " over " + in + " channels: expected an odd kernel over one channel, or 1");
        }
        weight = parameter("weight", Parameter.Kind.TRAINED, out, in, kernel);
        bias = parameter("bias", Parameter.Kind.TRAINED, out);
    }

    /** The weight, [out, in, kernel]. */
    public Parameter weight() {
        return weight;
    }

    /** The bias, [out]. */
    public Parameter bias() {
        return bias;
    }

    /** x: [..., in, t] → [..., out, t]. */
    public Tensor forward(Tensor x) {
        return shown(LeftAffine.of(windows(x), weight, bias));
    }

    /** gelu(forward(x)), computed in one operation. */
    public Tensor forwardGelu(Tensor x) {
        return shown(LeftAffine.gelu(windows(x), weight, bias));
    }

    /** [..., 1, t] → [..., kernel, t]: copies of the series, shifted by each position of the kernel. */
    private Tensor windows(Tensor x) {
        int kernel = weight.shape().dim(2);
        if (kernel == 1) return x;
        Shape shape = x.shape();
        int t = shape.dim(-1);
        Tensor zeros = x.graph().constant(shape.with(-1, kernel / 2), 0);
        Tensor shifted = Unfold.of(Concat.of(-1, zeros, x, zeros), 0, kernel, t, 1); // [..., 1, kernel, t]
        return shifted.reshape(shape.with(-2, kernel).toArray());
    }
}
