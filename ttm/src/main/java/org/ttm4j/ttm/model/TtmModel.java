package org.ttm4j.ttm.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;

/**
 * A Tiny Time Mixer: scale each series, cut it into patches, mix patches and features (and channels), decode, and map
 * all patches to the forecast at once. A decomposed model consists of two such models, one for the trend and one for
 * the residual.
 *
 * <p>The steps of a series are contiguous: the context is [B, C, L] and the forecast [B, C, H]; the reference library
 * has [B, L, C] and [B, H, C]. {@link #forward} only records operations, so it is thread-safe while no one freezes or
 * trains parameters. Weights are zero at first: load a checkpoint or call {@link #initialize}. In all layers,
 * {@code child} registers a part under its name in checkpoints. Source: arXiv:2401.03955.
 */
public final class TtmModel extends Layer {
    /** A model with at most this number of weights may always be built, to report which tensors a checkpoint lacks. */
    private static final long SMALL_MODEL = 1 << 20;

    private final TtmConfig config;
    private final Encoder encoder;
    private final Decoder decoder;
    private final ForecastHead head;
    private final QuantileHead quantileHead;
    /** Only in a decomposed model, whose parts above are null; otherwise null. */
    private final TtmModel trend;
    private final TtmModel residual;
    private String source = "this model";

    /** A model whose weights are zero. */
    public TtmModel(TtmConfig config) {
        this.config = config;
        boolean single = !config.decomposed();
        encoder = single ? child("backbone.encoder", new Encoder(config)) : null;
        decoder = single && config.useDecoder() ? child("decoder", new Decoder(config)) : null;
        head = single ? child("head", new ForecastHead(config)) : null;
        quantileHead = single && config.quantileHead().enabled()
                ? child("multi_quantile_head_block", new QuantileHead(config))
                : null;
        trend = single ? null : child("trend_forecaster", new TtmModel(config.trendForecaster()));
        residual = single ? null : child("residual_forecaster", new TtmModel(config.residualForecaster()));
    }

    /** A model that shares the weights of another one, with a different configuration of the same sizes. */
    private TtmModel(TtmConfig config, TtmModel base, TtmModel trend, TtmModel residual) {
        this.config = config;
        source = base.source;
        encoder = shared("backbone.encoder", base.encoder);
        decoder = shared("decoder", base.decoder);
        head = shared("head", base.head);
        quantileHead = shared("multi_quantile_head_block", base.quantileHead);
        this.trend = shared("trend_forecaster", trend);
        this.residual = shared("residual_forecaster", residual);
    }

    private <L extends Layer> L shared(String name, L layer) {
        return layer == null ? null : child(name, layer);
    }

    /** The configuration that the model was built from. */
    public TtmConfig config() {
        return config;
    }

    /**
     * This model for single channels: it shares the weights, but forecasts every input channel, whatever the channel
     * lists of the configuration say, and uses no known future. A model that mixes channels is returned unchanged.
     */
    public TtmModel perChannel() {
        if (config.mixesChannels()) return this;
        TtmConfig alone = config.toBuilder()
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of())
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of())
                .build();
        return new TtmModel(alone, this, trend == null ? null : trend.perChannel(),
                residual == null ? null : residual.perChannel());
    }

    /** This decomposed model with other weights of its three losses, for a stage of training; shares the parameters. */
    public TtmModel withLossWeights(double ofTrend, double ofResidual, double joint) {
        TtmConfig weighted = config.toBuilder()
                .set(Key.TREND_LOSS_WEIGHT, ofTrend)
                .set(Key.RESIDUAL_LOSS_WEIGHT, ofResidual)
                .set(Key.JOINT_LOSS_WEIGHT, joint)
                .build();
        return new TtmModel(weighted, this, trend, residual);
    }

    /** The file that the weights were read from, for messages. */
    public String source() {
        return source;
    }

    /** Excludes the backbone, in a decomposed model both backbones, from training, or includes it again. */
    public void freezeBackbone(boolean freeze) {
        for (String forecaster : List.of("", "trend_forecaster.", "residual_forecaster.")) {
            freeze(forecaster + "backbone.", freeze);
        }
    }

    /**
     * The model of a checkpoint.
     *
     * @throws CheckpointException listing every tensor that is missing, unexpected or wrongly shaped
     */
    public static TtmModel of(Checkpoint checkpoint) throws CheckpointException {
        requireSize(checkpoint);
        TtmModel model = new TtmModel(checkpoint.config());
        model.source = checkpoint.source() + "/" + Checkpoint.WEIGHTS;
        Map<String, Shape> expected = new LinkedHashMap<>();
        model.parameters().forEach((name, parameter) -> expected.put(name, parameter.shape()));
        checkpoint.requireMatch(expected);
        model.load(checkpoint.tensors()::get);
        return model;
    }

    /** Overwrites all weights and buffers by tensors of the same names and shapes, which the caller has checked. */
    public void load(Function<String, SafeTensor> tensors) {
        parameters().forEach((name, parameter) -> {
            SafeTensor tensor = tensors.apply(name);
            // A counter is a whole number, such as the number of batches that BatchNorm has seen.
            if (parameter.kind() == Parameter.Kind.COUNTER) parameter.count(tensor.integers()[0]);
            else System.arraycopy(tensor.floats(), 0, parameter.value(), 0, parameter.shape().size());
            parameter.changed(); // the packed copies, which products read, must be made again
        });
    }

    /** All weights and buffers by name, as floats of the given type, which share the values of the parameters. */
    public Map<String, SafeTensor> tensors(DType dtype) {
        Map<String, SafeTensor> tensors = new LinkedHashMap<>();
        parameters().forEach((name, parameter) -> tensors.put(name,
                parameter.kind() == Parameter.Kind.COUNTER
                        ? SafeTensor.ofIntegers(DType.I64, parameter.shape(), parameter.count())
                        : SafeTensor.of(dtype, parameter.shape(), parameter.value())));
        return tensors;
    }

    /** Rejects a config.json that needs far more weights than the file has, before memory is allocated for them. */
    private static void requireSize(Checkpoint checkpoint) throws CheckpointException {
        long elements = checkpoint.tensors().values().stream().mapToLong(tensor -> tensor.shape().size()).sum();
        long needed = checkpoint.config().parameterCount();
        if (needed <= 2 * elements + SMALL_MODEL) return;
        throw new CheckpointException(checkpoint.source(),
                "the tensors are not those of the model in config.json: it has " + needed + " weights, the file "
                        + elements + " elements");
    }

    /**
     * Writes a checkpoint folder for {@link #of} and the reference library, with floats of the given type. Existing
     * interval files are kept. They were calibrated for the previous weights; delete or recalibrate them, because a
     * forecaster does not load a folder with outdated intervals.
     */
    public void save(Path folder, DType dtype) throws IOException {
        save(folder, dtype, Map.of());
    }

    /** As {@link #save(Path, DType)}, with additional files, by name, which appear together with those of the model. */
    public void save(Path folder, DType dtype, Map<String, byte[]> more) throws IOException {
        Checkpoint.write(folder, config, tensors(dtype), more);
    }

    /** Draws random weights; the same seed gives the same weights. Returns this. */
    public TtmModel initialize(long seed) {
        Initialization.apply(this, config, seed);
        return this;
    }

    /**
     * The inputs of a forward pass. Only {@code past} is always required.
     *
     * @param past [B, C, L], missing values as 0
     * @param mask [B, C, L], 1 = observed, 0 = missing; null if all steps are observed
     * @param knownFuture [B, Cx, Hf], the future of the exogenous channels, in their order; null if it is unknown,
     *     which only masked prediction without forecast channel mixing allows (zeros are used)
     * @param resolutionTokens the token of each sample's {@link Resolution}, for models with a resolution prefix;
     *     otherwise null; read in every run
     * @param categories [n][B], for models with static categories; otherwise null; read in every run
     * @param hidden the result of {@link #encode} of the same input, if the backbone is frozen and need not run again:
     *     [B, C, P, D] for only the {@link TtmConfig#featureChannels}; null to run the backbone
     */
    public record Inputs(Tensor past, Tensor mask, Tensor knownFuture, int[] resolutionTokens, int[][] categories,
            Tensor hidden) {
        /** These inputs with another past, all of whose steps are observed. */
        Inputs withPast(Tensor other) {
            return new Inputs(other, null, knownFuture, resolutionTokens, categories, null);
        }

        /** These inputs with the result of the backbone. */
        public Inputs withHidden(Tensor hidden) {
            return new Inputs(past, mask, knownFuture, resolutionTokens, categories, hidden);
        }
    }

    /**
     * The results of a forward pass.
     *
     * @param forecast [B, Ct, Hf], in original units
     * @param quantiles [B, Ct, Q, Hf], in original units, ascending; null without a quantile head
     * @param encoded the result of the backbone; null in a decomposed model
     * @param decoderHidden [B, C, P, Dd]; without a decoder the result of the backbone; null in a decomposed model
     * @param statistics of the forecast channels
     * @param parts the parts of a decomposed model; null for other models
     */
    public record Outputs(Tensor forecast, Tensor quantiles, Encoder.Encoded encoded, Tensor decoderHidden,
            Scaler.Statistics statistics, Parts parts) {}

    /**
     * Intermediate results of a decomposed model, on scaled series. {@link Scaler.Statistics#inUnits} converts them to
     * original units, in which trend + residual = forecast + loc.
     *
     * @param trend of the trend forecaster
     * @param residual of the residual forecaster
     * @param past [B, Ct, T], the scaled context
     * @param trendInput [B, Ct, T], its robust trend
     * @param residualInput [B, Ct, residual context], the context minus its trend
     * @param forecast [B, Ct, Hf]
     * @param quantiles [B, Ct, Q, Hf], or null
     */
    public record Parts(Outputs trend, Outputs residual, Tensor past, Tensor trendInput, Tensor residualInput,
            Tensor forecast, Tensor quantiles) {}

    /**
     * Records the forward pass: a {@link Tensor} is a node of a {@link Graph} with a shape; its numbers are computed
     * when the graph runs. The letters of the shapes are those of {@link TtmConfig}; Ct channels are forecast for Hf
     * steps, and a masked-prediction model sees L + A steps. {@code shown} passes a tensor to the observer of the
     * graph.
     *
     * @throws IllegalArgumentException when the shape of an input does not fit, or a required input is null
     */
    public Outputs forward(Inputs in) {
        InputRules.check(config, in);
        if (config.decomposed()) return shown(new DecomposedForecast(config, trend, residual).forward(in));
        int[] targets = config.predictionChannels(in.past.shape().dim(1)); // Ct indices of C channels
        MaskedContext context = MaskedContext.of(config, in); // [B, C, L + A]
        Standardize.Result scaled = context.scaled(config.scaling()); // [B, C, L + A]; loc and scale [B, C]
        shown("backbone.scaler", scaled.scaled());
        Tensor patches = shown("backbone.patching", Patchify.patches(config, scaled.scaled())); // [B, C, P₀, patch length]
        // The decoder may add the patches; hidden has only these channels.
        if (in.hidden != null) patches = Select.of(patches, 1, config.featureChannels(in.past.shape().dim(1)));
        Encoder.Encoded encoded = in.hidden != null
                ? new Encoder.Encoded(in.hidden, null, null)
                : encoder.forward(patches, scaled.scaled(), in.resolutionTokens); // [B, C, P, D]
        Tensor hidden = encoded.hidden();
        Tensor decoded = decoder == null ? hidden : decoder.forward(hidden, patches, in.categories); // [B, C, P, Dd]
        Tensor forecast = head.forward(decoded, targets, context.values(), in.knownFuture); // [B, Ct, Hf], scaled
        Tensor quantiles = quantileHead == null ? null : quantileHead.forward(forecast, decoded, targets); // [B, Ct, Q, Hf]
        if (quantiles != null) forecast = QuantileHead.middle(quantiles); // [B, Ct, Hf]
        Scaler.Statistics statistics = Scaler.Statistics.of(scaled, targets); // [B, Ct]
        return shown(new Outputs(statistics.inUnits(forecast), statistics.inUnits(quantiles), encoded, decoded,
                statistics, null));
    }

    /** Passes the results to the observer, under their names in the reference library. */
    private Outputs shown(Outputs outputs) {
        if (outputs.parts() != null) {
            shown("trend_input", outputs.parts().trendInput());
            shown("residual_input", outputs.parts().residualInput());
        }
        if (outputs.statistics().scale() != null) {
            shown("loc", outputs.statistics().loc());
            shown("scale", outputs.statistics().scale());
        }
        shown("prediction_outputs", outputs.forecast());
        if (outputs.quantiles() != null) shown("quantile_outputs", outputs.quantiles());
        return outputs;
    }

    /**
     * Records only the backbone, for the channels whose features affect the forecast
     * ({@link TtmConfig#featureChannels}). The result is an argument of {@link Inputs#withHidden}.
     */
    public Tensor encode(Inputs in) {
        InputRules.check(config, in);
        int[] channels = config.featureChannels(in.past.shape().dim(1));
        Tensor scaled = MaskedContext.of(config, in).scaled(config.scaling()).scaled();
        Tensor patches = Patchify.patches(config, scaled);
        return encoder.forward(Select.of(patches, 1, channels), Select.of(scaled, 1, channels), in.resolutionTokens)
                .hidden();
    }

    /**
     * Records the configured loss: the mean over all entries of the forecast, or over those that are observed according
     * to the mask. The reference library ignores the mask if there are quantiles or two parts; for the same result pass
     * null.
     *
     * @param target [B, Ct, Hf] in original units, as the forecast
     * @param mask of the same shape, or null
     */
    public Tensor loss(Outputs outputs, Tensor target, Tensor mask) {
        return config.decomposed()
                ? ForecastLoss.decomposed(config, outputs, target, mask)
                : ForecastLoss.of(config, outputs.forecast(), outputs.quantiles(), target, mask);
    }

    /** The targets of the parts of a decomposed model, trend and residual, [B, Ct, Hf] each, scaled. */
    public List<Tensor> targets(Outputs outputs, Tensor target) {
        ForecastLoss.Targets targets = ForecastLoss.Targets.of(outputs, target);
        return List.of(targets.trend(), targets.residual());
    }

    /** Creates a graph's inputs for a batch: all that this configuration can use. */
    public Inputs inputs(Graph graph, int batch, int channels, boolean withMask) {
        return inputs(graph, Shape.of(batch, channels, config.contextLength()), withMask);
    }

    /**
     * As {@link #inputs(Graph, int, int, boolean)}, for a past [B, C, T], which may be longer than L for a decomposed
     * model. In a graph of mode VARIABLES the past is a variable.
     */
    public Inputs inputs(Graph graph, Shape past, boolean withMask) {
        int batch = past.dim(0);
        Tensor known = config.usesExogenous()
                ? graph.input(Shape.of(batch, config.exogenousChannels().length, config.outputLength()))
                : null;
        int[] tokens = config.resolutionPrefixTuning() ? new int[batch] : null;
        int categories = config.categoricalVocabSizeList().size();
        Tensor values = graph.mode() == Graph.Mode.VARIABLES ? graph.variable(past) : graph.input(past);
        return new Inputs(values, withMask ? graph.input(past) : null, known, tokens,
                categories == 0 ? null : new int[categories][batch], null);
    }
}
