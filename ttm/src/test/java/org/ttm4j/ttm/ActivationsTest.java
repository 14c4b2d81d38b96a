package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/** What a configuration says of its memory is about what a graph takes. */
class ActivationsTest {

    @Test
    void theEstimateIsAboutWhatAGraphTakes() {
        TtmConfig plain = TtmConfig.builder()
                .set(Key.CONTEXT_LENGTH, 512)
                .set(Key.PATCH_LENGTH, 8)
                .set(Key.PATCH_STRIDE, 8)
                .set(Key.D_MODEL, 256)
                .build();
        for (TtmConfig config : List.of(plain, plain.toBuilder().set(Key.ADAPTIVE_PATCHING_LEVELS, 3).build(),
                plain.toBuilder().set(Key.SELF_ATTN, true).set(Key.SELF_ATTN_HEADS, 4).build(),
                plain.toBuilder()
                        .set(Key.NUM_INPUT_CHANNELS, 9)
                        .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                        .build(),
                plain.toBuilder()
                        .set(Key.NUM_INPUT_CHANNELS, 9)
                        .set(Key.MODE, TtmConfig.Mode.MIX_CHANNEL)
                        .set(Key.EXPANSION_FACTOR, 4)
                        .build(),
                plain.toBuilder()
                        .set(Key.NUM_INPUT_CHANNELS, 9)
                        .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                        .set(Key.FCM_CONTEXT_LENGTH, 40)
                        .set(Key.FCM_USE_MIXER, true)
                        .build())) {
            assertTakes(config);
        }
    }

    @Test
    void soItIsInTheThirdGeneration() {
        Map<String, Object> json = new LinkedHashMap<>(TtmConfig.builder()
                .set(Key.CONTEXT_LENGTH, 512)
                .set(Key.PATCH_LENGTH, 8)
                .set(Key.PATCH_STRIDE, 8)
                .set(Key.D_MODEL, 256)
                .build()
                .toJson());
        for (String change : List.of("multi_scale", "multi_quantile_head", "mq_use_decoder_pool")) {
            json.put(change, true);
            assertTakes(TtmConfig.fromJson(json));
        }
        json.put("register_tokens", 40L);
        json.put("fft_length", 16L);
        json.put("gate_mode", "glu");
        assertTakes(TtmConfig.fromJson(json));
        json.put("architectures", List.of(TtmConfig.Architecture.DECOMPOSED.className()));
        assertTakes(TtmConfig.fromJson(json));
        json.put("mq_hidden", 1000L);
        json.put("prediction_length", 96L);
        assertTakes(TtmConfig.fromJson(json));
    }

    private static void assertTakes(TtmConfig config) {
        TtmModel model = new TtmModel(config);
        warm(model);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        warm(model);
        double ratio = (threads.getCurrentThreadAllocatedBytes() - before) / 4.0 / config.activations();
        assertTrue(ratio > 0.4 && ratio < 2.5, "takes " + ratio + " times what " + config + " says");
    }

    /** Also packs the weights. On plain Java, as cold vectors allocate. */
    private static void warm(TtmModel model) {
        Graph graph = new Graph(Graph.Mode.INFERENCE, KernelSelection.scalar());
        int channels = model.config().mixesChannels() ? model.config().numInputChannels() : 1;
        model.forward(model.inputs(graph, 1, channels, true));
        graph.forward();
    }
}
