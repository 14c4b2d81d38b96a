package org.ttm4j.ttm.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.engine.NdArray;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;

/**
 * A Tiny Time Mixer: scale each series, cut it into patches, mix patches and features (and channels), decode, and read
 * the forecast off all patches at once. A decomposed model is two of these, one for the trend and one for the rest.
 *
 * <p>Series are contiguous here: the context is [B, C, L] and the forecast [B, C, H], where the reference has [B, L, C]
 * and [B, H, C]. {@link #forward} only records operations, so it is thread-safe while nobody freezes or trains
 * parameters. Weights start at zero: load a checkpoint or call {@link #initialize}. Here and in all layers {@code child}
 * registers a part under its name in checkpoints. Source: arXiv:2401.03955.
 */
public final class TtmModel extends Layer {
    /** A model of this many weights may be built to name the tensors that it misses. */
    private static final long SMALL_MODEL = 1 << 20;

    private final TtmConfig config;
    private final Encoder encoder;
    private final Decoder decoder;
    private final ForecastHead head;
    private final QuantileHead quantileHead;
    /** Null but in a decomposed model, in which the parts above are null. */
    private final TtmModel trend;
    private final TtmModel residual;
    private String source = "this model";

    /** Makes a model whose weights are zero. */
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

    /** The weights of another model, which this one shares, with another configuration of the same sizes. */
    private TtmModel(TtmConfig config, TtmModel of, TtmModel trend, TtmModel residual) {
        this.config = config;
        encoder = shared("backbone.encoder", of.encoder);
        decoder = shared("decoder", of.decoder);
        head = shared("head", of.head);
        quantileHead = shared("multi_quantile_head_block", of.quantileHead);
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
     * This model as it sees one channel at a time: the same weights, but every channel that comes in is forecast,
     * whatever the channel lists of the configuration say, and none has a known future. A model that mixes channels is
     * returned as it is.
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

    /**
     * This decomposed model with other weights of its three losses, as stages of training have them; the parameters are
     * shared.
     */
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

    /** Excludes the backbone from training, or both of a decomposed model; or includes it again. */
    public void freezeBackbone(boolean freeze) {
        if (config.decomposed()) {
            trend.freezeBackbone(freeze);
            residual.freezeBackbone(freeze);
        } else {
            freeze("backbone.", freeze);
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
        Map<String, Parameter> parameters = model.parameters();
        Map<String, Shape> expected = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> expected.put(name, parameter.shape()));
        checkpoint.requireMatch(expected);
        parameters.forEach((name, parameter) -> {
            SafeTensor tensor = checkpoint.tensors().get(name);
            // A counter is a whole number, such as the batches that a batch norm has seen.
            if (parameter.kind() == Parameter.Kind.COUNTER) parameter.count(tensor.integers()[0]);
            else System.arraycopy(tensor.floats().values(), 0, parameter.value(), 0, parameter.shape().size());
            parameter.changed(); // products read packed copies of the values, which are made anew after this
        });
        return model;
    }

    /** A config.json that asks for far more weights than there are must not take memory for them first. */
    private static void requireSize(Checkpoint checkpoint) throws CheckpointException {
        long elements = checkpoint.tensors().values().stream().mapToLong(tensor -> tensor.shape().size()).sum();
        long needed = checkpoint.config().parameterCount();
        if (needed <= 2 * elements + SMALL_MODEL) return;
        throw new CheckpointException(checkpoint.source(),
                "the tensors are not those of the model in config.json: it has " + needed + " weights, the file "
                        + elements + " elements");
    }

    /**
     * Writes a checkpoint folder that {@link #of} and the reference library read back; floats as the given type. Existing
     * interval files are kept. They were calibrated for the previous weights; delete or recalibrate them, for the folder does
     * not load as a forecaster before.
     */
    public void save(Path folder, DType dtype) throws IOException {
        save(folder, dtype, Map.of());
    }

    /** As {@link #save(Path, DType)}, with more files, by name, that appear together with the model's. */
    public void save(Path folder, DType dtype, Map<String, byte[]> more) throws IOException {
        Map<String, SafeTensor> tensors = new LinkedHashMap<>();
        parameters().forEach((name, parameter) -> tensors.put(name,
                parameter.kind() == Parameter.Kind.COUNTER
                        ? SafeTensor.ofIntegers(DType.I64, parameter.shape(), parameter.count())
                        : SafeTensor.of(new NdArray(parameter.shape(), parameter.value()), dtype)));
        Checkpoint.write(folder, config, tensors, more);
    }

    /** Draws fresh weights; the same seed gives the same model. Returns this. */
    public TtmModel initialize(long seed) {
        Initialization.apply(this, config, seed);
        return this;
    }

    /**
     * What a forward pass reads. Only {@code past} is always needed.
     *
     * @param past [B, C, L], missing values as 0
     * @param mask [B, C, L], 1 = observed, 0 = missing; null: all observed
     * @param knownFuture [B, Cx, Hf], the future of the exogenous channels, in their order; null where none is known,
     *     which only masked prediction without forecast channel mixing allows (zeros stand in)
     * @param resolutionTokens the number of each sample's {@link Resolution}, of which a resolution prefix makes a token;
     *     null for models without one; read at every run
     * @param categories [n][B], for models with static categories, else null; read at every run
     * @param hidden what {@link Outputs#backboneHidden} was for the same input, where the backbone is frozen and need
     *     not run again: [B, C, P, D] of the {@link TtmConfig#featureChannels} alone; null: the backbone runs
     */
    public record Inputs(Tensor past, Tensor mask, Tensor knownFuture, int[] resolutionTokens, int[][] categories,
            Tensor hidden) {
        /** A context alone. */
        public static Inputs of(Tensor past) {
            return new Inputs(past, null, null, null, null, null);
        }

        /** These inputs with another past, which is observed throughout. */
        Inputs withPast(Tensor other) {
            return new Inputs(other, null, knownFuture, resolutionTokens, categories, null);
        }

        /** These inputs with the result of the backbone. */
        public Inputs withHidden(Tensor hidden) {
            return new Inputs(past, mask, knownFuture, resolutionTokens, categories, hidden);
        }
    }

    /**
     * What a forward pass makes.
     *
     * @param forecast [B, Ct, Hf], in original units
     * @param quantiles [B, Ct, Q, Hf], in original units, ascending; null without a quantile head
     * @param encoded what the backbone makes; null in a decomposed model
     * @param decoderHidden [B, C, P, Dd]; the backbone's without a decoder; null in a decomposed model
     * @param statistics of the forecast channels
     * @param parts of a decomposed model; null of others
     */
    public record Outputs(Tensor forecast, Tensor quantiles, Encoder.Encoded encoded, Tensor decoderHidden,
            Statistics statistics, Parts parts) {
        /** [B, C, P, D]. */
        public Tensor backboneHidden() {
            return encoded.hidden();
        }

        /** [B, Ct], null when nothing is scaled. */
        public Tensor loc() {
            return statistics.loc();
        }

        /** [B, Ct], null when nothing is scaled. */
        public Tensor scale() {
            return statistics.scale();
        }
    }

    /**
     * What a decomposed model makes on the way, all in the scaled space. {@link Statistics#inUnits} takes it to units, where
     * trend + residual = forecast + loc.
     *
     * @param trend of the trend forecaster
     * @param residual of the residual forecaster
     * @param past [B, Ct, T], the scaled context
     * @param trendInput [B, Ct, T], its robust trend
     * @param residualInput [B, Ct, residual context], the rest
     * @param forecast [B, Ct, Hf]
     * @param quantiles [B, Ct, Q, Hf], or null
     */
    public record Parts(Outputs trend, Outputs residual, Tensor past, Tensor trendInput, Tensor residualInput,
            Tensor forecast, Tensor quantiles) {}

    /**
     * Records the forward pass: a {@link Tensor} is a place in a {@link Graph}, with a shape, and its numbers come when the
     * graph runs. The letters of the shapes are those of {@link TtmConfig}; Ct channels are forecast for Hf steps, and a
     * masked-prediction model sees A more steps than L. An observer of the graph sees what {@code shown} is given.
     *
     * @throws IllegalArgumentException when the shape of an input does not fit, or an input that this model needs is
     *     null
     */
    public Outputs forward(Inputs in) {
        InputRules.check(config, in);
        if (config.decomposed()) return shown(new DecomposedForecast(config, trend, residual).forward(in));
        int[] targets = config.predictionChannels(in.past.shape().dim(1)); // Ct indices of C channels
        MaskedContext context = MaskedContext.of(config, in); // [B, C, L + A]
        Standardize.Result scaled = context.scaled(config.scaling()); // [B, C, L + A]; loc and scale [B, C]
        shown("backbone.scaler", scaled.scaled());
        Tensor patches = shown("backbone.patching", Patchify.patches(config, scaled.scaled())); // [B, C, P₀, patch length]
        // The decoder may add the patches themselves, and hidden has these channels alone.
        if (in.hidden != null) patches = Select.of(patches, 1, config.featureChannels(in.past.shape().dim(1)));
        Encoder.Encoded encoded = in.hidden != null
                ? new Encoder.Encoded(in.hidden, null, null)
                : encoder.forward(patches, scaled.scaled(), in.resolutionTokens); // [B, C, P, D]
        Tensor hidden = encoded.hidden();
        Tensor decoded = decoder == null ? hidden : decoder.forward(hidden, patches, in.categories); // [B, C, P, Dd]
        Tensor forecast = head.forward(decoded, targets, context.values(), in.knownFuture); // [B, Ct, Hf], scaled
        Tensor quantiles = quantileHead == null ? null : quantileHead.forward(forecast, decoded, targets); // [B, Ct, Q, Hf]
        if (quantiles != null) forecast = QuantileHead.middle(quantiles); // [B, Ct, Hf]
        Statistics statistics = Statistics.of(scaled, targets); // [B, Ct]
        return shown(new Outputs(statistics.inUnits(forecast), statistics.inUnits(quantiles), encoded, decoded,
                statistics, null));
    }

    /** By the names that results have in the reference. */
    private Outputs shown(Outputs outputs) {
        if (outputs.parts() != null) {
            shown("trend_input", outputs.parts().trendInput());
            shown("residual_input", outputs.parts().residualInput());
        }
        if (outputs.scale() != null) {
            shown("loc", outputs.loc());
            shown("scale", outputs.scale());
        }
        shown("prediction_outputs", outputs.forecast());
        if (outputs.quantiles() != null) shown("quantile_outputs", outputs.quantiles());
        return outputs;
    }

    /**
     * Records the backbone alone, on the channels whose features decide the forecast ({@link TtmConfig#featureChannels}):
     * what {@link Inputs#withHidden} takes.
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
     * Records the loss that the configuration names: the mean over the forecast's entries, or over those that the mask says
     * are observed. The reference ignores the mask where there are quantiles or two parts; to compute as it does, give none.
     *
     * @param target [B, Ct, Hf] in original units, as the forecast
     * @param mask of the same shape, or null
     */
    public Tensor loss(Outputs outputs, Tensor target, Tensor mask) {
        return config.decomposed()
                ? ForecastLoss.decomposed(config, outputs, target, mask)
                : ForecastLoss.of(config, outputs, target, mask);
    }

    /** What the parts of a decomposed model are to forecast, [B, Ct, Hf] each, in the scaled space: trend, residual. */
    public List<Tensor> targets(Outputs outputs, Tensor target) {
        ForecastLoss.Targets targets = ForecastLoss.Targets.of(outputs, target);
        return List.of(targets.trend(), targets.residual());
    }

    /** A graph's inputs for a batch, all that this configuration can use; for training and verification. */
    public Inputs inputs(Graph graph, int batch, int channels, boolean withMask) {
        return inputs(graph, Shape.of(batch, channels, config.contextLength()), withMask);
    }

    /**
     * As {@link #inputs(Graph, int, int, boolean)}, for a past [B, C, T], which a decomposed model takes longer than L. In a
     * graph of mode VARIABLES the past is a variable.
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
