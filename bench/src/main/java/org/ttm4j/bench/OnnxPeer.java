package org.ttm4j.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * ONNX Runtime with one thread on the shared graph of the same model. Its input and output memory is bound once and its
 * calls copy nothing, the best case for it. Not thread-safe.
 */
final class OnnxPeer implements AutoCloseable {
    private final OrtSession session;
    private final OnnxTensor past;
    private final OnnxTensor forecast;
    private final FloatBuffer output;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private final int batch;
    private final int channels;

    private OnnxPeer(Path graph, float[] contexts, int batch, int channels) throws OrtException {
        this.batch = batch;
        this.channels = channels;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = environment.createSession(graph.toString(), options);
        }
        FloatBuffer input = direct(contexts.length);
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < BenchModel.CONTEXT; t++) {
                for (int c = 0; c < channels; c++) {
                    input.put(contexts[(b * channels + c) * BenchModel.CONTEXT + t]);
                }
            }
        }
        past = OnnxTensor.createTensor(environment, input.flip(), new long[]{batch, BenchModel.CONTEXT, channels});
        output = direct(batch * BenchModel.HORIZON * channels);
        forecast = OnnxTensor.createTensor(environment, output, new long[]{batch, BenchModel.HORIZON, channels});
        inputs = Map.of("past_values", past);
        outputs = Map.of("prediction_outputs", forecast);
    }

    /**
     * A session for contexts of batch·channels × {@link BenchModel#CONTEXT}, or null, with the reason to {@code log},
     * where the graph or the native library is absent.
     */
    static OnnxPeer open(Path sharedFolder, float[] contexts, int batch, int channels, Consumer<String> log)
            throws OrtException {
        Path graph = sharedFolder.resolve("peer/ttm-r1-512-96-b" + batch + "-c" + channels + ".onnx");
        if (!Files.isRegularFile(graph)) {
            log.accept("ONNX Runtime is skipped: no " + graph);
            return null;
        }
        try {
            return new OnnxPeer(graph, contexts, batch, channels);
        } catch (LinkageError e) {
            log.accept("ONNX Runtime is skipped: its native library does not load here: " + e);
            return null;
        }
    }

    String version() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
    }

    /** Forecasts every series into memory of its own. */
    void run() throws OrtException {
        session.run(inputs, outputs).close();
    }

    /** batch·channels × horizon, as of the last run. */
    float[] values() {
        float[] values = new float[batch * channels * BenchModel.HORIZON];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < BenchModel.HORIZON; t++) {
                for (int c = 0; c < channels; c++) {
                    values[(b * channels + c) * BenchModel.HORIZON + t] = output
                            .get((b * BenchModel.HORIZON + t) * channels + c);
                }
            }
        }
        return values;
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(Float.BYTES * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void close() throws OrtException {
        past.close();
        forecast.close();
        session.close();
    }
}
