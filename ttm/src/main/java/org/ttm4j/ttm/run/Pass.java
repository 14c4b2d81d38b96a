package org.ttm4j.ttm.run;

import java.util.Arrays;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.model.TtmModel;

/** The recorded forward pass for a number of samples. Not thread-safe. */
public record Pass(int count, Graph graph, TtmModel.Inputs inputs, TtmModel.Outputs outputs) {
    /** Records the pass for {@code count} samples with the given number of channels in an empty graph. */
    static Pass of(TtmModel model, Graph graph, int count, int channels) {
        TtmModel.Inputs inputs = model.inputs(graph, count, channels, true);
        TtmModel.Outputs outputs = model.forward(inputs);
        outputs.forecast().keep();
        if (outputs.quantiles() != null) outputs.quantiles().keep();
        if (outputs.encoded() != null) outputs.backboneHidden().keep();
        return new Pass(count, graph, inputs, outputs);
    }

    /** Copies a sample to place i of this pass. */
    public void read(Predictor.Samples samples, int sample, int i) {
        copy(samples.past(), sample, inputs.past().value(), i);
        copy(samples.mask(), sample, inputs.mask().value(), i);
        if (inputs.knownFuture() != null) copy(samples.knownFuture(), sample, inputs.knownFuture().value(), i);
        if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[i] = samples.tokens()[sample];
        for (int k = 0; inputs.categories() != null && k < inputs.categories().length; k++) {
            inputs.categories()[k][i] = samples.categories()[k][sample];
        }
    }

    /** Copies result i of this pass to a sample. */
    void write(Predictor.Samples samples, int sample, int i) {
        copy(outputs.forecast(), i, samples.forecast(), sample);
        if (samples.quantiles() != null) copy(outputs.quantiles(), i, samples.quantiles(), sample);
        if (samples.embedding() != null) pool(outputs.backboneHidden(), i, samples.embedding(), sample);
    }

    /** The mean over P of sample i of hidden, [B, C, P, D]. */
    private static void pool(Tensor hidden, int i, float[] to, int sample) {
        Shape shape = hidden.shape();
        int tokens = shape.dim(2);
        int width = shape.dim(3);
        for (int c = 0; c < shape.dim(1); c++) {
            int from = (i * shape.dim(1) + c) * tokens * width;
            int at = (sample * shape.dim(1) + c) * width;
            Arrays.fill(to, at, at + width, 0);
            for (int k = 0; k < tokens * width; k++) to[at + k % width] += hidden.value()[from + k] / tokens;
        }
    }

    private void copy(Tensor from, int i, float[] to, int sample) {
        int size = from.shape().size() / count;
        System.arraycopy(from.value(), i * size, to, sample * size, size);
    }

    private void copy(float[] from, int sample, float[] to, int i) {
        int size = to.length / count;
        System.arraycopy(from, sample * size, to, i * size, size);
    }
}
