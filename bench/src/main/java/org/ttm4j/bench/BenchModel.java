package org.ttm4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/** The model that is measured, of the published 512-96 shape, and series to show it. */
public final class BenchModel {
    /** Steps of context. */
    public static final int CONTEXT = 512;
    /** Steps of forecast. */
    public static final int HORIZON = 96;

    private static final TtmConfig CONFIG = TtmConfig.builder()
            .set(Key.CONTEXT_LENGTH, CONTEXT)
            .set(Key.PREDICTION_LENGTH, HORIZON)
            .set(Key.PATCH_LENGTH, 64)
            .set(Key.PATCH_STRIDE, 64)
            .set(Key.D_MODEL, 192)
            .set(Key.NUM_LAYERS, 2)
            .set(Key.ADAPTIVE_PATCHING_LEVELS, 3)
            .set(Key.EXPANSION_FACTOR, 2)
            .set(Key.DROPOUT, 0.2)
            .set(Key.HEAD_DROPOUT, 0.2)
            .set(Key.DECODER_NUM_LAYERS, 2)
            .set(Key.DECODER_D_MODEL, 128)
            .build();

    private BenchModel() {}

    /** A model with drawn weights, for what needs no peer: speed does not depend on the weights. */
    public static TtmModel random() {
        return new TtmModel(CONFIG).initialize(1);
    }

    /** The checkpoint that the peers' graphs were made from, or {@link #random} where the shared folder is absent. */
    public static TtmModel shared(Path sharedFolder) throws IOException {
        Path checkpoint = sharedFolder.resolve("golden/r1-512-96");
        return Files.isDirectory(checkpoint) ? TtmModel.of(Checkpoint.read(checkpoint)) : random();
    }

    /** The bundled model of the same context and horizon, of the third generation. */
    public static TtmModel bundled() throws IOException {
        return TtmModel.of(BundledModels.checkpoint("512-96"));
    }

    /** Floating-point operations in the matrix products of a model's forward pass of one series. */
    static long flopsPerSeries(TtmModel model) {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        model.forward(model.inputs(graph, 1, 1, true));
        return graph.operations().stream().mapToLong(Operation::productFlops).sum();
    }

    /** Contexts of series × {@link #CONTEXT}. */
    public static float[] contexts(int series) {
        return contexts(series, CONTEXT);
    }

    /**
     * Contexts of series × length: a daily cycle and noise, each series at another level and scale; none so
     * small that a {@link org.ttm4j.forecast.Forecaster} magnifies it, which the peers do not.
     */
    public static float[] contexts(int series, int length) {
        Random random = new Random(series);
        float[] values = new float[series * length];
        for (int s = 0; s < series; s++) {
            double scale = 1 + Math.abs(random.nextGaussian());
            for (int t = 0; t < length; t++) {
                double value = 3 + Math.sin(2 * Math.PI * t / 24) + 0.3 * random.nextGaussian();
                values[s * length + t] = (float) (scale * value);
            }
        }
        return values;
    }
}
