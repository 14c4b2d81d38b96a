package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * BatchNorm over the last axis: each feature is normalised over all other axes.
 * <pre>
 * x̂ = (x − mean)/√(var + eps),  y = x̂ ⊙ gain + bias
 * training:   mean and biased variance of the batch;  dx = gain/√(var + eps)·(dy − mean(dy) − x̂·mean(dy ⊙ x̂))
 * otherwise:  the running statistics;                 dx = gain/√(var + eps)·dy
 * </pre>
 * In training the running statistics move by momentum 0.1 towards the batch's mean and unbiased variance. x, y:
 * [..., d]; gain, bias, running statistics: [d]. Source: arXiv:1502.03167, with PyTorch's conventions.
 */
public final class BatchNormalization extends Operation {
    private static final float MOMENTUM = 0.1f;

    private final Tensor x;
    private final Tensor gain;
    private final Tensor bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private final Parameter batches;
    private final Tensor y;
    private final float eps;
    private final int rows;
    private final int d;
    private final float[] mean;
    private final float[] variance;

    private BatchNormalization(Tensor x, Parameter gain, Parameter bias, Parameter runningMean,
            Parameter runningVariance, Parameter batches, float eps) {
        super(x);
        this.x = x;
        this.gain = graph.leaf(gain);
        this.bias = graph.leaf(bias);
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        this.batches = batches;
        this.eps = eps;
        d = gain.shape().size();
        Checks.last(x, d, "BatchNorm input");
        y = output(x.shape(), this.gain, this.bias);
        rows = x.shape().size() / d;
        // Outside training the running statistics are read in place.
        mean = graph.training() ? new float[d] : runningMean.value();
        variance = graph.training() ? new float[d] : runningVariance.value();
        if (graph.training() && rows < 2) {
            throw new IllegalArgumentException(
                    "BatchNorm needs more than one value per feature to train on: " + x.shape());
        }
    }

    /** BatchNorm of x; {@code batches} counts the training batches seen. */
    public static Tensor of(Tensor x, Parameter gain, Parameter bias, Parameter runningMean, Parameter runningVariance,
            Parameter batches, float eps) {
        return new BatchNormalization(x, gain, bias, runningMean, runningVariance, batches, eps).y;
    }

    @Override
    protected void forward() {
        if (graph.training()) {
            kernels.norm().featureMoments(mean, variance, x.value(), 0, rows, d);
            average(runningMean, mean, 1);
            average(runningVariance, variance, rows / (rows - 1f));
            batches.count(batches.count() + 1);
        }
        kernels.norm()
                .batchNorm(y.value(), 0, x.value(), 0, mean, variance, gain.value(), 0, bias.value(), 0, rows, d, eps);
    }

    private void average(Parameter running, float[] batch, float correction) {
        kernels.elementwise().scale(running.value(), 0, 1 - MOMENTUM, d);
        kernels.elementwise().addScaled(running.value(), 0, batch, 0, MOMENTUM * correction, d);
        running.changed();
    }

    @Override
    protected void backward() {
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        kernels.norm()
                .batchNormBackward(x.gradOrDiscard(), 0, accumulate, gain.gradOrDiscard(), 0, bias.gradOrDiscard(), 0,
                        y.grad(), 0, x.value(), 0, mean, variance, gain.value(), 0, rows, d, eps, graph.training());
    }
}
