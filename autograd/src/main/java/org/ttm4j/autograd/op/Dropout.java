package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * y = x ⊙ keep/(1 − rate) in training, where keep is drawn from the graph's seed in every run; otherwise x itself. dx =
 * dy ⊙ keep/(1 − rate), with the same draws: they are hashed again, not stored. Source: Srivastava et al. 2014.
 * {@code Dropout.of([1, 2, 3, 4], 0.5) = [2, 4, 6, 0]}.
 */
public final class Dropout extends Operation {
    private final float rate;
    private final int index;

    private Dropout(Tensor x, float rate) {
        super(x);
        this.rate = rate;
        index = graph.nextDropout();
        y = output(x.shape());
    }

    /** x with dropout; in a graph that is not training, or at rate 0, x itself. The rate is in [0, 1). */
    public static Tensor of(Tensor x, float rate) {
        if (!(rate >= 0 && rate < 1)) throw new IllegalArgumentException("dropout rate " + rate + " is not in [0, 1)");
        return x.graph().training() && rate > 0 ? new Dropout(x, rate).y : x;
    }

    @Override
    protected Tensor overwritesValue() {
        return x;
    }

    @Override
    protected Tensor overwritesGradient() {
        return x;
    }

    @Override
    protected void forward() {
        kernels.elementwise().dropout(y.value(), 0, x.value(), 0, y.shape().size(), rate, seed(), false);
    }

    @Override
    protected void backward() {
        kernels.elementwise().dropout(x.grad(), 0, y.grad(), 0, y.shape().size(), rate, seed(), x.accumulatesGrad());
    }

    private long seed() {
        // An odd multiplier (2⁶⁴ over the golden ratio) spreads consecutive indices over all bits of the seed.
        return graph.seed() ^ (index + 1) * 0x9E3779B97F4A7C15L;
    }
}
