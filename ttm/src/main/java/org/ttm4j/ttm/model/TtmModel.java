package org.ttm4j.ttm.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.PointwiseLoss;
import org.ttm4j.autograd.op.ScaleRows;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.engine.NdArray;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.ConfigRules;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;

/**
 * A Tiny Time Mixer: scale each series, cut it into patches, mix patches and features (and channels), decode, and read
 * the forecast off all patches at once.
 *
 * <p>Series are contiguous here: the context is [B, C, L] and the forecast [B, C, H], where the reference has [B, L, C]
 * and [B, H, C]. {@link #forward} only records operations, so it is thread-safe while nobody freezes or trains
 * parameters. Weights start at zero: load a checkpoint or call {@link #initialize}. Source: arXiv:2401.03955.
 */
public final class TtmModel extends Layer {
    /** A model of this many weights may be built to name the tensors that it misses. */
    private static final long SMALL_MODEL = 1 << 20;

    private final TtmConfig config;
    private final Encoder encoder;
    private final Decoder decoder;
    private final ForecastHead head;

    /**
     * Makes a model whose weights are zero.
     *
     * @throws IllegalArgumentException naming the key of an impossible configuration
     */
    public TtmModel(TtmConfig config) {
        this(ConfigRules.checked(config), new Encoder(config), config.useDecoder() ? new Decoder(config) : null,
                new ForecastHead(config));
    }

    private TtmModel(TtmConfig config, Encoder encoder, Decoder decoder, ForecastHead head) {
        this.config = config;
        this.encoder = child("backbone.encoder", encoder);
        this.decoder = decoder == null ? null : child("decoder", decoder);
        this.head = child("head", head);
    }

    /** The configuration that the model was built from. */
    public TtmConfig config() {
        return config;
    }

    /** The backbone: what stands between patches and decoder. */
    public Encoder encoder() {
        return encoder;
    }

    /**
     * This model as it sees one channel at a time: the same weights, but every channel that comes in is forecast,
     * whatever the channel lists of the configuration say, and none has a known future. A model that mixes channels is
     * returned as it is.
     */
    public TtmModel perChannel() {
        if (config.mixesChannels()) return this;
        TtmConfig alone = config.toBuilder().predictionChannelIndices().exogenousChannelIndices().build();
        return new TtmModel(alone, encoder, decoder, head);
    }

    /**
     * The model of a checkpoint.
     *
     * @throws CheckpointException listing every tensor that is missing, unexpected or wrongly shaped
     */
    public static TtmModel of(Checkpoint checkpoint) throws CheckpointException {
        requireSize(checkpoint);
        TtmModel model = new TtmModel(checkpoint.config());
        Map<String, Parameter> parameters = model.parameters();
        Map<String, Shape> expected = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> expected.put(name, parameter.shape()));
        checkpoint.requireMatch(expected);
        parameters.forEach((name, parameter) -> {
            SafeTensor tensor = checkpoint.tensors().get(name);
            if (parameter.kind() == Parameter.Kind.COUNTER) parameter.count(tensor.integers()[0]);
            else System.arraycopy(tensor.floats().values(), 0, parameter.value(), 0, parameter.shape().size());
            parameter.changed();
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
     * @param resolutionTokens a token a sample, for models with a resolution prefix, else null; read at every run
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

        /** These inputs with the result of the backbone. */
        public Inputs withHidden(Tensor hidden) {
            return new Inputs(past, mask, knownFuture, resolutionTokens, categories, hidden);
        }
    }

    /**
     * What a forward pass makes.
     *
     * @param forecast [B, Ct, Hf], in original units
     * @param backboneHidden [B, C, P, D]
     * @param decoderHidden [B, C, P, Dd]; the backbone's without a decoder
     * @param loc [B, Ct], null when nothing is scaled
     * @param scale [B, Ct], null when nothing is scaled
     */
    public record Outputs(Tensor forecast, Tensor backboneHidden, Tensor decoderHidden, Tensor loc, Tensor scale) {}

    /**
     * Records the forward pass. The letters of the shapes are those of {@link TtmConfig}; Ct channels are forecast for
     * Hf steps, and a masked-prediction model sees A more steps than L.
     *
     * @throws IllegalArgumentException when the shape of an input does not fit, or an input that this model needs is
     *     null
     */
    public Outputs forward(Inputs in) {
        InputRules.check(config, in);
        int[] targets = config.predictionChannels(in.past.shape().dim(1)); // Ct indices of C channels
        MaskedContext context = MaskedContext.of(config, in); // [B, C, L + A]
        Standardize.Result scaled = Scaler.scale(config.scaling(), context); // [B, C, L + A]; loc and scale [B, C]
        Tensor patches = Patchify.patches(config, scaled.scaled()); // [B, C, P₀, patch length]
        if (in.hidden != null) patches = Select.of(patches, 1, config.featureChannels(in.past.shape().dim(1)));
        Tensor hidden = in.hidden != null ? in.hidden : encoder.forward(patches, in.resolutionTokens); // [B, C, P, D]
        Tensor decoded = decoder == null ? hidden : decoder.forward(hidden, patches, in.categories); // [B, C, P, Dd]
        Tensor forecast = head.forward(decoded, targets, context.values(), in.knownFuture); // [B, Ct, Hf], scaled
        if (scaled.scale() == null) return new Outputs(forecast, hidden, decoded, null, null);
        Tensor loc = Select.of(scaled.loc(), 1, targets); // [B, Ct]
        Tensor scale = Select.of(scaled.scale(), 1, targets); // [B, Ct]
        forecast = ScaleRows.of(forecast, scale, loc); // [B, Ct, Hf] = forecast · scale + loc
        return new Outputs(forecast, hidden, decoded, loc, scale);
    }

    /**
     * Records the loss that the configuration names: the mean over the forecast's entries, or over those that the mask
     * says are observed.
     *
     * @param target [B, Ct, Hf] in original units, as the forecast
     * @param mask of the same shape, or null
     */
    public Tensor loss(Tensor forecast, Tensor target, Tensor mask) {
        return PointwiseLoss.of(lossFunction(), forecast, target, mask);
    }

    private PointwiseLoss.Function lossFunction() {
        TtmConfig.Loss loss = config.loss();
        if (loss == TtmConfig.Loss.MSE) return PointwiseLoss.Function.mse();
        if (loss == TtmConfig.Loss.MAE) return PointwiseLoss.Function.mae();
        if (loss == TtmConfig.Loss.PINBALL) return PointwiseLoss.Function.pinball((float) config.quantile());
        if (loss == TtmConfig.Loss.HUBER) return PointwiseLoss.Function.huber((float) config.huberDelta());
        throw new IllegalArgumentException("loss is null in this configuration: there is none to train on");
    }

    /** A graph's inputs for a batch, all that this configuration can use; for training and verification. */
    public Inputs inputs(Graph graph, int batch, int channels, boolean withMask) {
        Shape past = Shape.of(batch, channels, config.contextLength());
        Tensor known = config.usesExogenous()
                ? graph.input(Shape.of(batch, config.exogenousChannels().length, config.outputLength()))
                : null;
        int[] tokens = config.resolutionPrefixTuning() ? new int[batch] : null;
        int categories = config.categoricalVocabSizeList().size();
        return new Inputs(graph.input(past), withMask ? graph.input(past) : null, known, tokens,
                categories == 0 ? null : new int[categories][batch], null);
    }
}
