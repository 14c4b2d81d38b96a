package org.ttm4j.ttm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;

/** The model: sizes, checkpoints, fresh weights, refusals. */
class TtmModelTest {
    private static final int L = 32;
    private static final int H = 8;

    private static TtmConfig.Builder small() {
        return Samples.config(L, H).set(Key.DECODER_D_MODEL, 4);
    }

    /** Every parameter kind and part: BatchNorm counters, positions, prefix, channel mixing. */
    private static TtmConfig everything() {
        return small().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.NORM_MLP, TtmConfig.Norm.BATCH)
                .set(Key.SELF_ATTN, true)
                .set(Key.SELF_ATTN_HEADS, 2)
                .set(Key.USE_POSITIONAL_ENCODING, true)
                .set(Key.DECODER_RAW_RESIDUAL, true)
                .set(Key.RESOLUTION_PREFIX_TUNING, true)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                .set(Key.FCM_USE_MIXER, true)
                .set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(3, 2))
                .build();
    }

    /** Inputs that consist only of a past. */
    private static TtmModel.Inputs inputs(Tensor past) {
        return new TtmModel.Inputs(past, null, null, null, null, null);
    }

    private static float[] random(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** A forecast of two samples of random inputs. */
    private static float[] forecast(TtmModel model, int channels) {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs in = model.inputs(graph, 2, channels, true);
        for (Tensor tensor : new Tensor[]{in.past(), in.knownFuture()}) {
            if (tensor == null) continue;
            System.arraycopy(random(7, tensor.shape().size()), 0, tensor.value(), 0, tensor.shape().size());
        }
        Arrays.fill(in.mask().value(), 1);
        if (in.resolutionTokens() != null) in.resolutionTokens()[1] = 4;
        if (in.categories() != null) in.categories()[0][0] = 2;
        Tensor forecast = model.forward(in).forecast().keep();
        graph.forward();
        return Arrays.copyOf(forecast.value(), forecast.shape().size());
    }

    private static void assertSameParameters(TtmModel expected, TtmModel actual) {
        assertEquals(expected.parameters().keySet(), actual.parameters().keySet());
        Map<String, Parameter> parameters = actual.parameters();
        expected.parameters().forEach((name, p) -> {
            assertArrayEquals(p.value(), parameters.get(name).value(), name);
            assertEquals(p.count(), parameters.get(name).count(), name);
        });
    }

    @ParameterizedTest
    @CsvSource({"512,64,0,805280,289696", "1024,64,0,946336,389984", "1024,128,0,2964960,955424",
            "1536,128,0,3081120,1054560", "512,64,8,854972,302162"})
    void hasThePublishedSize(int context, int patch, int prefix, long parameters, long trainable) {
        TtmConfig.Builder config = Samples.published(context, patch);
        if (prefix > 0) config.set(Key.RESOLUTION_PREFIX_TUNING, true).set(Key.FREQUENCY_TOKEN_VOCAB_SIZE, prefix);
        TtmModel model = new TtmModel(config.build());
        assertEquals(parameters, model.parameterCount(false));
        assertEquals(parameters, model.config().parameterCount());
        assertTrue(model.freeze("backbone.", true) > 0);
        assertEquals(trainable, model.parameterCount(true));
        assertEquals(parameters, model.parameterCount(false));
    }

    @Test
    void configurationAndModelCountAlike() {
        TtmModel model = new TtmModel(everything());
        assertEquals(model.config().parameterCount() - 5 * 8, model.parameterCount(false),
                "all but the fixed positions of 5 patches × 8 features");
    }

    /** A single number has no deviation to be divided by. */
    @Test
    void theOnlyPositionOfTheOnlyFeatureIsZero() {
        TtmConfig config = Samples.config(9, 2).set(Key.D_MODEL, 1).set(Key.USE_POSITIONAL_ENCODING, true).build();
        assertArrayEquals(new float[1],
                new TtmModel(config).parameters().get("backbone.encoder.positional_encoder.position_enc").value());
    }

    @Test
    void savingAndLoadingKeepsEveryBit(@TempDir Path folder) throws IOException {
        TtmModel model = new TtmModel(everything()).initialize(5);
        model.parameters().forEach((name, p) -> {
            if (p.kind() == Parameter.Kind.COUNTER) p.count((1L << 53) + 1);
            if (name.endsWith("running_mean")) p.value()[0] = 0.5f;
        });
        model.save(folder, DType.F32);
        TtmModel loaded = TtmModel.of(Checkpoint.read(folder));
        assertEquals(model.config(), loaded.config());
        assertSameParameters(model, loaded);
        assertArrayEquals(forecast(model, 3), forecast(loaded, 3));
        loaded.save(folder, DType.F32);
        assertSameParameters(model, TtmModel.of(Checkpoint.read(folder)));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F16", "BF16"})
    void savingInHalfPrecisionRoundsTheWeights(DType type, @TempDir Path folder) throws IOException {
        TtmModel model = new TtmModel(everything()).initialize(5);
        model.save(folder, type);
        TtmModel loaded = TtmModel.of(Checkpoint.read(folder));
        double share = type == DType.F16 ? 1 / 2048.0 : 1 / 256.0;
        model.parameters().forEach((name, p) -> {
            float[] values = loaded.parameters().get(name).value();
            for (int i = 0; i < values.length; i++) {
                assertEquals(p.value()[i], values[i], share * Math.abs(p.value()[i]) + 1e-7, name + " " + i);
            }
        });
    }

    @Test
    void theSeedDecidesTheWeights() {
        for (TtmConfig.Init init : TtmConfig.Init.values()) {
            TtmConfig config = small().set(Key.INIT_LINEAR, init).set(Key.INIT_EMBED, init).build();
            TtmModel model = new TtmModel(config).initialize(1);
            assertSameParameters(model, new TtmModel(config).initialize(1));
            float[] other = new TtmModel(config).initialize(2).parameters().get(WEIGHT).value();
            assertFalse(Arrays.equals(other, model.parameters().get(WEIGHT).value()), init + ": seeds 1 and 2");
        }
    }

    private static final String WEIGHT = "backbone.encoder.patcher.weight";

    /** Weight [192, 64]: ranges and deviations that the names of the initialisations stand for. */
    @ParameterizedTest
    @CsvSource({"PYTORCH,0.125,0.0722", "NORMAL,0.12,0.02", "UNIFORM,1,0.2887", "XAVIER_UNIFORM,0.15309,0.0884"})
    void freshWeightsHaveTheDistributionOfTheirName(TtmConfig.Init init, double most, double deviation) {
        TtmModel model = new TtmModel(Samples.published(512, 64).set(Key.INIT_LINEAR, init).build()).initialize(1);
        float[] weight = model.parameters().get(WEIGHT).value();
        float[] bias = model.parameters().get(WEIGHT.replace("weight", "bias")).value();
        double mean = 0;
        double squares = 0;
        for (float value : weight) {
            assertTrue(Math.abs(value) <= most, "weight " + value);
            mean += value / weight.length;
        }
        for (float value : weight) squares += (value - mean) * (value - mean) / weight.length;
        assertEquals(init == TtmConfig.Init.UNIFORM ? 0.5 : 0, mean, 5 * deviation / Math.sqrt(weight.length));
        assertEquals(deviation, Math.sqrt(squares), 0.03 * deviation);
        assertEquals(init != TtmConfig.Init.PYTORCH, Arrays.equals(bias, new float[bias.length]), "bias of zeros");
    }

    @Test
    void aConfigurationFarTooLargeForItsWeightsIsRefusedBeforeTheModelIsBuilt() {
        TtmConfig large = Samples.published(512, 64)
                .set(Key.CONTEXT_LENGTH, 1024)
                .set(Key.PATCH_LENGTH, 1)
                .set(Key.PATCH_STRIDE, 1)
                .build();
        Checkpoint checkpoint = new Checkpoint("model", large, Map.of("w", SafeTensor.of(new float[805_280], 805_280)));
        String message = assertThrows(CheckpointException.class, () -> TtmModel.of(checkpoint)).getMessage();
        assertEquals("model: the tensors are not those of the model in config.json: it has " + large.parameterCount()
                + " weights, the file 805280 elements", message);
    }

    /** The horizon may be longer than all that the model sees: then nothing but exogenous channels is observed. */
    @ParameterizedTest
    @CsvSource({"40, 8", "41, 8", "100, 4"})
    void aMaskMayCoverTheWholeContext(int horizon, int filter) {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.PREDICTION_LENGTH, horizon)
                .set(Key.PREDICTION_FILTER_LENGTH, filter)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .build();
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor past = graph.input(Shape.of(1, 2, L));
        Tensor mask = MaskedContext.of(config, inputs(past)).mask();
        assertEquals(Shape.of(1, 2, L + filter), mask.shape());
        mask.keep();
        graph.forward();
        for (int t = 0; t < L + filter; t++) {
            assertEquals(0, mask.value()[t], "step " + t);
            assertEquals(1, mask.value()[L + filter + t], "exogenous step " + t);
        }
        for (float value : forecast(new TtmModel(config).initialize(1), 2)) assertTrue(Float.isFinite(value));
    }

    @Test
    void aForecastFollowsShiftAndScale() {
        TtmModel model = new TtmModel(small().build()).initialize(3);
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs in = inputs(graph.input(Shape.of(3, 2, L)));
        Tensor forecast = model.forward(in).forecast().keep();
        float[] x = random(8, 6 * L);
        System.arraycopy(x, 0, in.past().value(), 0, x.length);
        graph.forward();
        float[] plain = forecast.value().clone();
        for (int i = 0; i < x.length; i++) in.past().value()[i] = 100 + 40 * x[i];
        graph.forward();
        for (int i = 0; i < 6 * H; i++) assertEquals(100 + 40 * plain[i], forecast.value()[i], 40 * 1e-4, "step " + i);
    }

    /** What a run of the backbone left behind gives the forecast of the whole model, bit for bit. */
    @Test
    void theForecastContinuesFromTheFeatures() {
        for (TtmConfig config : new TtmConfig[]{everything(),
                small().set(Key.PREDICTION_CHANNEL_INDICES, List.of(0, 2))
                        .set(Key.NUM_INPUT_CHANNELS, 3)
                        .set(Key.DECODER_RAW_RESIDUAL, true)
                        .build()}) {
            TtmModel model = new TtmModel(config).initialize(5);
            Graph graph = new Graph(Graph.Mode.INFERENCE);
            TtmModel.Inputs in = model.inputs(graph, 2, 3, false);
            for (Tensor tensor : new Tensor[]{in.past(), in.knownFuture()}) {
                if (tensor == null) continue;
                System.arraycopy(random(7, tensor.shape().size()), 0, tensor.value(), 0, tensor.shape().size());
            }
            TtmModel.Outputs whole = model.forward(in);
            Tensor expected = whole.forecast().keep();
            Tensor features = Select.of(whole.encoded().hidden(), 1, config.featureChannels(3));
            Tensor continued = model.forward(in.withHidden(features)).forecast().keep();
            graph.forward();
            assertArrayEquals(expected.value(), continued.value());
        }
    }

    @Test
    void oneChannelAtATimeIsForecastAlike() {
        TtmModel model = new TtmModel(
                small().set(Key.NUM_INPUT_CHANNELS, 3).set(Key.PREDICTION_CHANNEL_INDICES, List.of(2)).build())
                .initialize(5);
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs in = inputs(graph.input(Shape.of(1, 3, L)));
        System.arraycopy(random(7, 3 * L), 0, in.past().value(), 0, 3 * L);
        Tensor together = model.forward(in).forecast().keep();
        Tensor alone = model.perChannel().forward(inputs(in.past().reshape(3, 1, L))).forecast().keep();
        graph.forward();
        assertEquals(Shape.of(3, 1, H), alone.shape());
        for (int t = 0; t < H; t++) assertEquals(together.value()[t], alone.value()[2 * H + t], "step " + t);
        assertSame(model.parameters().get(WEIGHT), model.perChannel().parameters().get(WEIGHT));

        TtmModel mixing = new TtmModel(everything());
        assertSame(mixing, mixing.perChannel());
    }

    @Test
    void impossibleInputsAreNamed() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor past = graph.input(Shape.of(2, 3, L));
        Tensor known = graph.input(Shape.of(2, 1, H));
        Tensor wrong = graph.input(Shape.of(2, 3, L + 1));
        int[] tokens = {0, 1};
        int[][] categories = {{0, 1}, {1, 0}};
        TtmModel plain = new TtmModel(small().build());
        refused("past [2, 3, 33]: expected [batch, channels, 32]", () -> plain.forward(inputs(wrong)));
        refused("past [2, 96]: expected [batch, channels, 32]", () -> plain.forward(inputs(past.reshape(2, 96))));
        refused("mask [2, 3, 33]: expected the shape of past, [2, 3, 32]",
                () -> plain.forward(new TtmModel.Inputs(past, wrong, null, null, null, null)));
        refused("this model cannot use known future values: it has no exogenous channels "
                + "(exogenous_channel_indices with enable_forecast_channel_mixing)",
                () -> plain.forward(new TtmModel.Inputs(past, null, known, null, null, null)));

        TtmModel all = new TtmModel(everything());
        refused("past [2, 2, 32]: this model mixes exactly 3 channels (num_input_channels)", () -> all
                .forward(new TtmModel.Inputs(graph.input(Shape.of(2, 2, L)), null, known, tokens, categories, null)));
        refused("this model needs the known future of its 1 exogenous channels (exogenous_channel_indices)",
                () -> all.forward(new TtmModel.Inputs(past, null, null, tokens, categories, null)));
        refused("known future [2, 3, 33]: expected [2, 1, 8]",
                () -> all.forward(new TtmModel.Inputs(past, null, wrong, tokens, categories, null)));
        for (int[] few : new int[][]{null, {0}}) {
            refused("this model needs a resolution token for each of 2 samples (resolution_prefix_tuning)",
                    () -> all.forward(new TtmModel.Inputs(past, null, known, few, categories, null)));
        }
        for (int[][] few : new int[][][]{null, {{0, 1}}, {{0, 1}, {0}}, {{0, 1}, null}}) {
            refused("this model needs 2 static categories for each of 2 samples (categorical_vocab_size_list)",
                    () -> all.forward(new TtmModel.Inputs(past, null, known, tokens, few, null)));
        }
        TtmModel.Inputs fitting = new TtmModel.Inputs(past, null, known, new int[]{0, 5}, categories, null);
        refused("hidden [2, 3, 33]: expected [2, 3, 5, 8]", () -> all.forward(fitting.withHidden(wrong)));
        all.forward(fitting);
        refused("token 5 is outside the vocabulary of 5", graph::forward);
    }

    @Test
    void aModelWithoutLossSaysSo() {
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        TtmModel model = new TtmModel(small().set(Key.LOSS, TtmConfig.Loss.NONE).build());
        TtmModel.Outputs outputs = model.forward(model.inputs(graph, 1, 1, false));
        Tensor target = graph.input(Shape.of(1, 1, H));
        refused("loss is null in this configuration: there is none to train on",
                () -> model.loss(outputs, target, null));
    }

    private static void refused(String message, Executable use) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, use).getMessage());
    }
}
