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
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/** What a configuration says of its memory is about what a graph takes. */
class ActivationsTest {

    @Test
    void theEstimateIsAboutWhatAGraphTakes() {
        TtmConfig plain = TtmConfig.builder().contextLength(512).patchLength(8).patchStride(8).dModel(256).build();
        for (TtmConfig config : List.of(plain, plain.toBuilder().adaptivePatchingLevels(3).build(),
                plain.toBuilder().selfAttn(true).selfAttnHeads(4).build(),
                plain.toBuilder().numInputChannels(9).decoderMode(TtmConfig.Mode.MIX_CHANNEL).build(),
                plain.toBuilder().numInputChannels(9).mode(TtmConfig.Mode.MIX_CHANNEL).expansionFactor(4).build(),
                plain.toBuilder()
                        .numInputChannels(9)
                        .enableForecastChannelMixing(true)
                        .fcmContextLength(40)
                        .fcmUseMixer(true)
                        .build())) {
            assertTakes(config);
        }
    }

    @Test
    void soItIsInTheThirdGeneration() {
        Map<String, Object> json = new LinkedHashMap<>(
                TtmConfig.builder().contextLength(512).patchLength(8).patchStride(8).dModel(256).build().toJson());
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
