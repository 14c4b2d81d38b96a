package org.ttm4j.ttm.run;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.model.TtmModel;

/** The recorded forward pass of a number of samples. Used by one thread at a time. */
public final class Pass {
    private final int count;
    private final Graph graph;
    private final TtmModel.Inputs inputs;
    private final TtmModel.Outputs outputs;

    /** Records the pass of {@code count} samples of so many channels in a graph without operations. */
    Pass(TtmModel model, Graph graph, int count, int channels) {
        this.count = count;
        this.graph = graph;
        inputs = model.inputs(graph, count, channels, true);
        outputs = model.forward(inputs);
        outputs.forecast().keep();
        if (outputs.quantiles() != null) outputs.quantiles().keep();
    }

    /** Samples that it has. */
    int count() {
        return count;
    }

    /** Where it is recorded. */
    public Graph graph() {
        return graph;
    }

    /** What the model reads. */
    public TtmModel.Inputs inputs() {
        return inputs;
    }

    /** What the model makes. */
    public TtmModel.Outputs outputs() {
        return outputs;
    }

    /** Takes a sample as the i-th of this pass. */
    public void read(Predictor.Samples samples, int sample, int i) {
        copy(samples.past(), sample, inputs.past().value(), i);
        copy(samples.mask(), sample, inputs.mask().value(), i);
        if (inputs.knownFuture() != null) copy(samples.knownFuture(), sample, inputs.knownFuture().value(), i);
        if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[i] = samples.tokens()[sample];
        for (int k = 0; inputs.categories() != null && k < inputs.categories().length; k++) {
            inputs.categories()[k][i] = samples.categories()[k][sample];
        }
    }

    /** Writes the i-th result of this pass as that of a sample. */
    void write(Predictor.Samples samples, int sample, int i) {
        copy(outputs.forecast(), i, samples.forecast(), sample);
        if (samples.quantiles() != null) copy(outputs.quantiles(), i, samples.quantiles(), sample);
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
