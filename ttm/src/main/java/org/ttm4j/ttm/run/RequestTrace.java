package org.ttm4j.ttm.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.inspect.Recorder;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;

/** Makes the trace of the pass that a run has prepared. */
public final class RequestTrace {
    /** Results with a row for each forecast channel, which are converted to original units. */
    private static final Set<String> IN_UNITS = Set.of("loc", "prediction_outputs", "quantile_outputs");

    private RequestTrace() {}

    /** Runs the pass again and keeps all tensors. */
    public static Trace of(Predictor predictor, ForecastRun run) {
        Predictor.Samples samples = run.samples();
        int count = samples.past().length / predictor.sampleSize();
        Graph graph = new Graph(Graph.Mode.VARIABLES, predictor.kernels());
        Recorder recorder = new Recorder(predictor.model(), graph);
        Predictor.Pass pass = predictor.pass(graph, count);
        for (int i = 0; i < count; i++) pass.read(samples, i, i);
        graph.forward();
        boolean alone = !predictor.model().config().mixesChannels();
        List<TracedTensor> tensors = new ArrayList<>();
        for (TracedTensor tensor : recorder.trace().tensors()) {
            TracedTensor one = withoutSamples(tensor, alone);
            boolean result = IN_UNITS.contains(one.name()) || one.name().equals("scale");
            tensors.add(result ? inUnits(one, run, alone) : one);
        }
        return new Trace(tensors);
    }

    /** Removes the batch axis. Channels that are forecast independently are samples; otherwise all are one sample. */
    private static TracedTensor withoutSamples(TracedTensor tensor, boolean alone) {
        List<String> axes = new ArrayList<>(tensor.axes());
        boolean channels = axes.size() > 1 && axes.get(1).equals("channel");
        int dropped = alone && channels ? 1 : 0;
        if (alone) axes.set(0, "channel");
        if (!alone || channels) axes.remove(dropped);
        Shape shape = tensor.shape();
        int[] dims = new int[axes.size()];
        for (int i = 0; i < dims.length; i++)
            dims[i] = shape.dim(i < dropped || dims.length == shape.rank() ? i : i + 1);
        return new TracedTensor(tensor.name(), axes, Shape.of(dims), tensor.values());
    }

    /** Keeps only the rows of the forecast channels, in original units. */
    private static TracedTensor inUnits(TracedTensor tensor, ForecastRun run, boolean alone) {
        int[] channels = run.channels();
        int size = tensor.shape().size() / tensor.shape().dim(0);
        float[] values = new float[channels.length * size];
        for (int i = 0; i < values.length; i++) {
            int c = channels[i / size];
            float value = tensor.values()[alone ? c * size + i % size : i];
            boolean isValue = IN_UNITS.contains(tensor.name());
            values[i] = (float) (isValue ? run.inUnits(c, value) : value * run.unit(c));
        }
        return new TracedTensor(tensor.name(), tensor.axes(), tensor.shape().with(0, channels.length), values);
    }
}
