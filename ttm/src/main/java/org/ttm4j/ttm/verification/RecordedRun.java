package org.ttm4j.ttm.verification;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.DecompositionConfig;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.Scaler;
import org.ttm4j.ttm.model.TtmModel;

/** A model's graph on recorded inputs, without dropout. */
final class RecordedRun {
    private static final String PAST = "past_values";
    private static final String FUTURE = "future_values";

    private final TtmModel model;
    private final TtmConfig config;
    private final RecordedTensors tensors;
    final Graph graph;
    private final TtmModel.Outputs outputs;
    private final boolean needsLoss;
    /** Null if the configuration has none or it is not needed. */
    Tensor loss;
    private List<Tensor> targets;
    /** The results of a decomposed model's parts, in original units; otherwise null. */
    private final Map<String, Tensor> inUnits;

    /** {@code graph} is an empty graph of mode GRADIENT. */
    RecordedRun(TtmModel model, RecordedTensors tensors, boolean needsLoss, Graph graph) throws CheckpointException {
        this.graph = graph;
        this.model = model;
        this.tensors = tensors;
        this.needsLoss = needsLoss || tensors.has("loss");
        config = model.config();
        Shape recorded = tensors.series(PAST, config.contextLength());
        int batch = recorded.dim(0);
        int channels = recorded.dim(2);
        requireChannels(channels);
        if (config.decomposed() && recorded.dim(1) > DecompositionConfig.MAX_CONTEXT) {
            throw tensors.wrong(PAST, recorded + ": expected at most " + DecompositionConfig.MAX_CONTEXT + " steps");
        }
        // Only the end of a longer history is used, except in a decomposed model, which scales and smooths all of it.
        int surplus = config.decomposed() ? 0 : recorded.dim(1) - config.contextLength();
        boolean masked = tensors.has("past_observed_mask");
        TtmModel.Inputs inputs = model.inputs(graph, Shape.of(batch, channels, recorded.dim(1) - surplus), masked);
        int[] all = IntStream.range(0, channels).toArray();
        fill(inputs.past(), PAST, recorded, surplus, all);
        if (masked) fill(inputs.mask(), "past_observed_mask", recorded, surplus, all);
        if (inputs.resolutionTokens() != null) {
            int[] tokens = tensors.integers("freq_token", Shape.of(batch), config.frequencyTokenVocabSize() - 1);
            System.arraycopy(tokens, 0, inputs.resolutionTokens(), 0, batch);
        }
        if (inputs.categories() != null) fillCategories(inputs.categories(), batch);
        // If the known future was not recorded and is not required, zeros are used.
        boolean known = inputs.knownFuture() != null && (config.needsKnownFuture() || tensors.has(FUTURE));
        boolean hasLoss = config.hasLoss() && this.needsLoss;
        Shape future = known || hasLoss ? future(batch, channels) : null;
        if (known) fill(inputs.knownFuture(), FUTURE, future, 0, config.exogenousChannels());
        outputs = model.forward(inputs);
        inUnits = outputs.parts() == null ? null : inUnits(outputs.parts(), outputs.statistics());
        if (hasLoss) recordLoss(future, config.predictionChannels(channels));
        graph.forward();
    }

    private static Map<String, Tensor> inUnits(TtmModel.Parts parts, Scaler.Statistics statistics) {
        Map<String, Tensor> results = new LinkedHashMap<>();
        results.put("trend_prediction_outputs", parts.trend().forecast());
        results.put("residual_prediction_outputs", parts.residual().forecast());
        results.put("trend_quantile_outputs", parts.trend().quantiles());
        results.put("residual_quantile_outputs", parts.residual().quantiles());
        results.put("trend_input", parts.trendInput());
        results.put("residual_input", parts.residualInput());
        results.values().removeIf(Objects::isNull);
        results.replaceAll((name, tensor) -> statistics.inUnits(tensor));
        return results;
    }

    private void requireChannels(int channels) throws CheckpointException {
        int least = config.leastChannels();
        if (channels < least || config.mixesChannels() && channels > least) {
            throw tensors.wrong(PAST,
                    "has " + channels + " channels: expected " + (config.mixesChannels() ? "" : "at least ") + least);
        }
    }

    private void fillCategories(int[][] categories, int batch) throws CheckpointException {
        List<Integer> vocabularies = config.categoricalVocabSizeList();
        int most = vocabularies.stream().mapToInt(size -> size - 1).max().orElse(0);
        int[] values = tensors.integers("static_categorical_values", Shape.of(batch, categories.length), most);
        for (int i = 0; i < values.length; i++) {
            int column = i % categories.length;
            if (values[i] >= vocabularies.get(column)) {
                throw tensors.wrong("static_categorical_values", "holds " + values[i] + " in column " + column
                        + ": expected less than " + vocabularies.get(column));
            }
            categories[column][i / categories.length] = values[i];
        }
    }

    private Shape future(int batch, int channels) throws CheckpointException {
        Shape future = tensors.series(FUTURE, config.outputLength());
        if (future.dim(0) == batch && future.dim(2) == channels) return future;
        throw tensors.wrong(FUTURE, future + ": expected [" + batch + ", steps, " + channels + "]");
    }

    private void recordLoss(Shape future, int[] channels) throws CheckpointException {
        Tensor target = graph.input(outputs.forecast().shape());
        fill(target, FUTURE, future, 0, channels);
        Tensor mask = null;
        // The reference library ignores the mask if there are quantiles or two parts.
        boolean masks = !config.decomposed() && !config.quantileHead().enabled();
        if (masks && tensors.has("future_observed_mask")) {
            mask = graph.input(target.shape());
            fill(mask, "future_observed_mask", future, 0, channels);
        }
        loss = model.loss(outputs, target, mask);
        if (config.decomposed()) targets = model.targets(outputs, target);
    }

    private void fill(Tensor input, String name, Shape recorded, int firstStep, int[] channels)
            throws CheckpointException {
        float[] values = tensors.transposed(name, recorded, firstStep, input.shape().dim(2), channels);
        System.arraycopy(values, 0, input.value(), 0, values.length);
    }

    /** Compares everything that was recorded, which must include the forecast. */
    void compare(Recording.Comparison comparison) throws CheckpointException {
        Tensor scale = outputs.scale();
        tensors.shape("prediction_outputs");
        comparison.outputs("prediction_outputs", outputs.forecast(), scale);
        if (outputs.quantiles() != null) comparison.outputs("quantile_outputs", outputs.quantiles(), scale);
        if (config.decomposed()) {
            compareParts(comparison);
        } else {
            compareForecaster(comparison, "", outputs);
            compareStatistics(comparison);
        }
        if (loss != null) comparison.elements("loss", loss, Shape.of(1), 1e-5, null);
    }

    private void compareStatistics(Recording.Comparison comparison) throws CheckpointException {
        if (outputs.scale() == null) return;
        Shape shape = Shape.of(outputs.scale().shape().dim(0), 1, outputs.scale().shape().dim(1));
        Tensor room = config.isThirdGeneration() ? outputs.scale() : null;
        comparison.elements("loc", outputs.loc(), shape, 1e-6, room);
        comparison.elements("scale", outputs.scale(), shape, 1e-6, null);
    }

    /** Compares the hidden states of a forecaster, which may be one of two. */
    private void compareForecaster(Recording.Comparison comparison, String prefix, TtmModel.Outputs forecaster)
            throws CheckpointException {
        comparison.norm(prefix + "mixer_input", forecaster.encoded().tokens());
        Tensor bins = forecaster.encoded().frequencies();
        if (bins != null) comparison.elements(prefix + "fft_bins", bins, bins.shape(), 0, null);
        comparison.norm(prefix + "backbone_hidden_state", forecaster.backboneHidden());
        comparison.norm(prefix + "decoder_hidden_state", forecaster.decoderHidden());
    }

    private void compareParts(Recording.Comparison comparison) throws CheckpointException {
        for (Map.Entry<String, Tensor> result : inUnits.entrySet()) {
            comparison.outputs(result.getKey(), result.getValue(), outputs.scale());
        }
        if (targets != null) {
            comparison.normOfSeries("trend_target", targets.get(0));
            comparison.normOfSeries("residual_target", targets.get(1));
        }
        compareForecaster(comparison, "trend_forecaster.", outputs.parts().trend());
        compareForecaster(comparison, "residual_forecaster.", outputs.parts().residual());
    }
}
