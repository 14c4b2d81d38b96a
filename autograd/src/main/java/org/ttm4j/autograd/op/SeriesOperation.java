package org.ttm4j.autograd.op;

import java.util.stream.Stream;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/** Computes something of each series of an input, over the last axis; no gradient passes. */
abstract class SeriesOperation extends Operation {
    final Tensor x;
    final Tensor y;
    final int rows;
    final int n;

    /** {@code length} of the last axis of the output; {@code statistics} are read too. */
    SeriesOperation(Tensor x, int length, Tensor... statistics) {
        super(Stream.concat(Stream.of(x), Stream.of(statistics)).toArray(Tensor[]::new));
        if (x.needsGrad()) throw new IllegalArgumentException("no gradient passes: expected an input");
        this.x = x;
        n = x.shape().dim(-1);
        rows = x.shape().product(0, x.shape().rank() - 1);
        y = output(x.shape().with(-1, length));
    }

    /** Never called: the output needs no gradient. */
    @Override
    protected final void backward() {}
}
