package org.ttm4j.ttm.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.scalar.FusedMultiplyAdd;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/**
 * What models of the first two generations forecast does not change by a bit, whatever is added for later ones. On the scalar
 * kernels their arithmetic is sums, products, quotients, roots and {@link Math#fma}, which Java defines to the last bit: every
 * JVM on every processor computes the same, with or without a fused multiply-add. (The recording with attention is left out, as
 * that calls {@link Math#exp}, which is not.) New hashes are right only where a scalar kernel sums in another order on purpose.
 */
class ForecastBitsTest {

    @ParameterizedTest
    @CsvSource({"tiny-categorical, 1f21d8fe, ae69806e", "tiny-common, ddf40ac2, 4ca577d4",
            "tiny-decoder-mix, 8fb2f005, 542f54d8", "tiny-exogenous, 2355ca54, f422a54f",
            "tiny-exogenous-only, bb0568a6, 4b042f2e", "tiny-fcm-plain, f0f7d05e, 9dad98a4",
            "tiny-freq, d51d552e, dc3c2aa2", "tiny-huber, 618c89bc, a9faf2e9", "tiny-mae, 726e1af5, 43d565b6",
            "tiny-masked, 427d7bef, 38bc8454", "tiny-masked-filter, ae79686, f235f9c",
            "tiny-mean-empty-channel, f46fd4ff, 929e621b", "tiny-mean-scaling, 11dab190, 75e92bd0",
            "tiny-mix-channel, 5498cb4a, eb9d5168", "tiny-narrow-levels, f9091495, 679ce0b6",
            "tiny-no-scaling-batchnorm, 144c5730, 7180dffd", "tiny-observed-mask, c96a3cea, 79b351e",
            "tiny-overlap-filter, f83011dd, e573eb1b", "tiny-pinball, 445829a1, 4aa13281",
            "tiny-prefix-raw-residual, 7c732e96, 2e10dd10"})
    void theScalarKernelsGiveTheSameBits(String recording, String fused, String unfused) throws IOException {
        int hash = Arrays.hashCode(forecast(Recordings.small(recording)));
        assertEquals(FusedMultiplyAdd.FAST ? fused : unfused, Integer.toHexString(hash));
    }

    private static float[] forecast(Path folder) throws IOException {
        TtmModel model = TtmModel.of(Checkpoint.read(folder));
        Graph graph = new Graph(Graph.Mode.INFERENCE, KernelSelection.scalar());
        List<Tensor> forecasts = new ArrayList<>();
        graph.observe((layer, part, tensor) -> {
            if (part.equals("prediction_outputs")) forecasts.add(tensor.keep());
        });
        new RecordedRun(model, RecordedTensors.read(folder.resolve("tensors.safetensors")), false, graph);
        assertEquals(1, forecasts.size());
        return forecasts.get(0).value();
    }
}
