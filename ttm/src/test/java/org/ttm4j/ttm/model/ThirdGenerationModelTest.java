package org.ttm4j.ttm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig.Architecture;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.DType;

/** Whatever mechanisms meet in a model, it runs, its gradients are finite, and it is the same after it was saved. */
class ThirdGenerationModelTest {
    private static final int CHANNELS = 2;

    @TempDir
    Path folder;

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    /** Mechanisms drawn at random, small, and all possible together. */
    private static TtmConfig config(Random random) {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config(17 + random.nextInt(30), 2 + random.nextInt(9))
                .set(Key.NUM_INPUT_CHANNELS, CHANNELS)
                .build()
                .toJson());
        Architecture architecture = pick(random, Architecture.values());
        json.put("architectures", List.of(architecture.className()));
        json.put("d_model", 4L * (1 + random.nextInt(5)));
        json.put("adaptive_patching_levels", (long) random.nextInt(3));
        json.put("mode", pick(random, "common_channel", "mix_channel"));
        json.put("decoder_mode", pick(random, "common_channel", "mix_channel"));
        json.put("scaling", pick(random, "std", "mean", null));
        json.put("self_attn", random.nextInt(4) == 0);
        json.put("resolution_prefix_tuning", random.nextBoolean());
        json.put("multi_scale", random.nextBoolean() && architecture != Architecture.MASKED);
        json.put("register_tokens", (long) random.nextInt(3));
        json.put("fft_length", (long) random.nextInt(5));
        for (String flag : List.of("use_fft_embedding", "get_one_freq_emb", "fft_ignore_dc", "enable_base_norm_always",
                "multi_quantile_head", "mq_use_decoder_pool", "combine_quantiles_via_variance")) {
            json.put(flag, random.nextBoolean());
        }
        json.put("gate_mode", pick(random, "softmax", "sigmoid", "glu", "group_sigmoid"));
        json.put("gate_groups", (long) random.nextInt(9));
        json.put("quantile_levels",
                pick(random, List.of(0.5), List.of(0.1, 0.5, 0.9), List.of(0.1, 0.3, 0.5, 0.7, 0.9)));
        boolean possible = Boolean.TRUE.equals(json.get("mq_use_decoder_pool"))
                && ((List<?>) json.get("quantile_levels")).size() > 1;
        json.put("mq_step_widths", possible && random.nextBoolean());
        json.put("mq_kernel_size", 1L + 2 * random.nextInt(3));
        json.put("mq_cond_path", pick(random, "pool", "flatten"));
        json.put("mq_cond_mode", pick(random, "add", "concat"));
        json.put("mq_q50_type", pick(random, "median", "mean"));
        json.put("point_extra_weight", (double) random.nextInt(2));
        json.put("loss", pick(random, "mse", "mae", "huber", "pinball"));
        if (architecture == Architecture.DECOMPOSED && random.nextBoolean()) json.put("residual_context_length", 16L);
        if (architecture == Architecture.DECOMPOSED && random.nextBoolean()) json.put("trend_d_model", 12L);
        return TtmConfig.fromJson(json);
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyMechanismsGoTogether(int seed) throws IOException {
        TtmConfig config = config(new Random(seed));
        TtmModel model = new TtmModel(config).initialize(seed);
        assertEquals(config.parameterCount(), model.parameterCount(false), config.toJson().toString());
        float[] inference = forecast(model, Graph.Mode.INFERENCE);
        assertArrayEquals(inference, forecast(model, Graph.Mode.GRADIENT), 1e-3f);
        forecast(model, Graph.Mode.TRAINING);
        model.save(folder, DType.F32);
        TtmModel loaded = TtmModel.of(Checkpoint.read(folder));
        assertEquals(config, loaded.config());
        assertArrayEquals(forecast(model, Graph.Mode.INFERENCE), forecast(loaded, Graph.Mode.INFERENCE));
    }

    private static float[] forecast(TtmModel model, Graph.Mode mode) {
        Graph graph = new Graph(mode);
        TtmModel.Inputs in = model.inputs(graph, 2, CHANNELS, true);
        Random random = new Random(1);
        fill(in.past(), random);
        Arrays.fill(in.mask().value(), 1);
        TtmModel.Outputs outputs = model.forward(in);
        Tensor forecast = outputs.forecast().keep();
        if (outputs.quantiles() != null) outputs.quantiles().keep();
        Tensor target = graph.input(forecast.shape());
        fill(target, random);
        Tensor loss = model.loss(outputs, target, null);
        graph.forward();
        assertTrue(Float.isFinite(loss.value()[0]), "loss " + loss.value()[0]);
        if (mode != Graph.Mode.INFERENCE) assertFiniteGradients(model, graph, loss);
        if (outputs.quantiles() != null && !model.config().decomposed()) assertAscending(outputs.quantiles());
        return Arrays.copyOf(forecast.value(), forecast.shape().size());
    }

    private static void fill(Tensor tensor, Random random) {
        for (int i = 0; i < tensor.shape().size(); i++) tensor.value()[i] = (float) (5 + 3 * random.nextGaussian());
    }

    private static void assertFiniteGradients(TtmModel model, Graph graph, Tensor loss) {
        graph.backward(loss, 1);
        graph.collectGradients();
        for (Map.Entry<String, Parameter> entry : model.parameters().entrySet()) {
            for (float gradient : entry.getValue().grad()) assertTrue(Float.isFinite(gradient), entry.getKey());
        }
    }

    private static void assertAscending(Tensor quantiles) {
        int count = quantiles.shape().dim(2);
        int steps = quantiles.shape().dim(3);
        for (int i = 0; i < quantiles.shape().size(); i++) {
            boolean first = i / steps % count == 0;
            assertTrue(first || quantiles.value()[i] >= quantiles.value()[i - steps], "quantiles cross");
        }
    }
}
