package org.ttm4j.ttm.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** A model of zeros. Throws IllegalArgumentException naming the key of an impossible configuration. */
    public TtmModel(TtmConfig config) {
        ConfigRules.check(config);
        this.config = config;
        encoder = child("backbone.encoder", new Encoder(config));
        decoder = config.useDecoder() ? child("decoder", new Decoder(config)) : null;
        head = child("head", new ForecastHead(config));
    }

    public TtmConfig config() {
        return config;
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
        long there = checkpoint.tensors().values().stream().mapToLong(tensor -> tensor.shape().size()).sum();
        long needed = checkpoint.config().parameterCount();
        if (needed <= 2 * there + SMALL_MODEL) return;
        throw new CheckpointException(checkpoint.source(),
                "the tensors are not those of the model in config.json: it has " + needed + " weights, the file "
                        + there + " elements");
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
     */
    public record Inputs(Tensor past, Tensor mask, Tensor knownFuture, int[] resolutionTokens, int[][] categories) {
        /** A context alone. */
        public static Inputs of(Tensor past) {
            return new Inputs(past, null, null, null, null);
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
     * Records the forward pass. Throws IllegalArgumentException when an input's shape does not fit, or one that this
     * model needs is not given.
     */
    public Outputs forward(Inputs in) {
        check(in);
        return forward(in, config.predictionChannels(in.past.shape().dim(1)), config.exogenousChannels());
    }

    /**
     * Records the forward pass of single channels, of a model that does not mix them: every one is forecast, whatever
     * the channel lists say. {@code in} has no known future.
     */
    public Outputs forwardAlone(Inputs in) {
        return forward(in, new int[]{0}, new int[0]);
    }

    /**
     * Records the backbone alone, [B, C, P, D]: what {@link #forward(Inputs, Tensor)} takes. Where the backbone is frozen
     * it can be run apart, without gradients and dropout, and its result kept. Where channels meet in the head at the
     * earliest, C counts the forecast channels alone: nobody reads the others' features.
     */
    public Tensor backbone(Inputs in) {
        check(in);
        return encoder.forward(read(prepare(in, config.exogenousChannels()), in), in.resolutionTokens);
    }

    /** Records what comes after the backbone, of which {@code hidden} is the result for the same input. */
    public Outputs forward(Inputs in, Tensor hidden) {
        check(in);
        Prepared prepared = prepare(in, config.exogenousChannels());
        Tensor patches = read(prepared, in);
        Shape expected = Shape.of(in.past.shape().dim(0), patches.shape().dim(1), config.numPatches(), config.dModel());
        if (!hidden.shape().equals(expected)) {
            throw new IllegalArgumentException("hidden " + hidden.shape() + ": expected " + expected);
        }
        return forecast(in, new Prepared(prepared.context, prepared.scaled, patches), hidden,
                config.predictionChannels(in.past.shape().dim(1)));
    }

    /** The patches of the channels that {@link #backbone} reads. */
    private Tensor read(Prepared prepared, Inputs in) {
        if (config.mixesPast()) return prepared.patches;
        return Select.of(prepared.patches, 1, config.predictionChannels(in.past.shape().dim(1)));
    }

    private Outputs forward(Inputs in, int[] channels, int[] exogenous) {
        Prepared prepared = prepare(in, exogenous);
        return forecast(in, prepared, encoder.forward(prepared.patches, in.resolutionTokens), channels);
    }

    /** The context as the backbone reads it. */
    private record Prepared(Tensor context, Standardize.Result scaled, Tensor patches) {}

    private Prepared prepare(Inputs in, int[] exogenous) {
        Tensor context = in.past;
        Tensor mask = in.mask;
        if (config.maskedPrediction()) {
            MaskedContext extended = MaskedContext.extend(config, exogenous, in.past, in.mask, in.knownFuture);
            context = extended.values();
            mask = extended.mask();
        }
        Standardize.Result scaled = Scaler.scale(config.scaling(), context, mask);
        return new Prepared(context, scaled, Patchify.patches(scaled.scaled(), config.numPatchesWithoutPrefix(),
                config.patchLength(), config.patchStride()));
    }

    private Outputs forecast(Inputs in, Prepared prepared, Tensor hidden, int[] channels) {
        Tensor decoded = decoder == null ? hidden : decoder.forward(hidden, prepared.patches, in.categories);
        Tensor forecast = head.forward(decoded, channels, prepared.context, in.knownFuture);
        Standardize.Result scaled = prepared.scaled;
        if (scaled.scale() == null) return new Outputs(forecast, hidden, decoded, null, null);
        boolean all = channels.length == prepared.context.shape().dim(1);
        Tensor loc = all ? scaled.loc() : Select.of(scaled.loc(), 1, channels);
        Tensor scale = all ? scaled.scale() : Select.of(scaled.scale(), 1, channels);
        return new Outputs(ScaleRows.of(forecast, scale, loc), hidden, decoded, loc, scale);
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

    private void check(Inputs in) {
        Shape past = in.past.shape();
        if (past.rank() != 3 || past.dim(2) != config.contextLength()) {
            throw new IllegalArgumentException(
                    "past " + past + ": expected [batch, channels, " + config.contextLength() + "]");
        }
        if (config.mixesChannels() && past.dim(1) != config.numInputChannels()) {
            throw new IllegalArgumentException("past " + past + ": this model mixes exactly "
                    + config.numInputChannels() + " channels (num_input_channels)");
        }
        if (past.dim(1) < config.leastChannels()) {
            throw new IllegalArgumentException("past " + past + ": this model needs at least " + config.leastChannels()
                    + " channels (prediction_channel_indices, exogenous_channel_indices)");
        }
        if (in.mask != null && !in.mask.shape().equals(past)) {
            throw new IllegalArgumentException("mask " + in.mask.shape() + ": expected the shape of past, " + past);
        }
        checkKnownFuture(in.knownFuture, past.dim(0));
        checkTokens(in, past.dim(0));
    }

    private void checkKnownFuture(Tensor known, int batch) {
        int exogenous = config.exogenousChannels().length;
        if (known == null) {
            if (config.needsKnownFuture()) {
                throw new IllegalArgumentException("this model needs the known future of its " + exogenous
                        + " exogenous channels (exogenous_channel_indices)");
            }
            return;
        }
        if (!config.usesExogenous()) {
            throw new IllegalArgumentException(
                    "this model cannot use known future values: it has no exogenous channels "
                            + "(exogenous_channel_indices with enable_forecast_channel_mixing)");
        }
        Shape expected = Shape.of(batch, exogenous, config.outputLength());
        if (!known.shape().equals(expected)) {
            throw new IllegalArgumentException("known future " + known.shape() + ": expected " + expected);
        }
    }

    private void checkTokens(Inputs in, int batch) {
        if (config.resolutionPrefixTuning() && (in.resolutionTokens == null || in.resolutionTokens.length != batch)) {
            throw new IllegalArgumentException(
                    "this model needs a resolution token for each of " + batch + " samples (resolution_prefix_tuning)");
        }
        int categories = config.categoricalVocabSizeList().size();
        if (categories == 0) return;
        if (in.categories == null || in.categories.length != categories
                || Arrays.stream(in.categories).anyMatch(values -> values.length != batch)) {
            throw new IllegalArgumentException("this model needs " + categories + " static categories for each of "
                    + batch + " samples (categorical_vocab_size_list)");
        }
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
                categories == 0 ? null : new int[categories][batch]);
    }
}
