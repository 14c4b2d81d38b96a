package org.ttm4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.series.Standardization;

/**
 * The short version of the benchmark: this library and its peers in turns, in one run, on the same checkpoint and the
 * same series. A peer that is absent leaves its side of a ratio empty.
 */
final class Comparison {
    /**
     * How long to measure.
     *
     * @param forecast of every forecast
     * @param training of our training on 1 and on 2 threads, in each of {@code rounds} before the peer's process runs
     * @param batch windows a training step
     * @param allocationCalls forecasts of one sample whose allocation is counted
     * @param shares seconds for each share of the peak
     */
    record Effort(Timing forecast, Timing training, int rounds, int batch, int allocationCalls, double shares) {
        static final Effort SHORT = new Effort(new Timing(2, 4, 5), new Timing(2, 4, 3), 3, 384, 200, Shares.SECONDS);
    }

    /**
     * What was measured.
     *
     * @param ratios every measure
     * @param bundled milliseconds that the bundled 512-96 takes for one series
     * @param peers names and versions of those that are there
     */
    record Outcome(Map<Measure, Measure.Result> ratios, double bundled, Set<String> peers) {}

    /** The tolerance in units of the channel's scale: the graphs and this library sum in different orders. */
    private static final double TOLERANCE = 1e-4;

    private final Path shared;
    private final Effort effort;
    private final Consumer<String> log;
    private final TtmModel model;
    private final Map<Measure, Measure.Result> ratios = new EnumMap<>(Measure.class);
    private final Set<String> peers = new LinkedHashSet<>();
    private double mostBytes;

    /** @param log takes a line on every stage and on every peer that is absent */
    Comparison(Path shared, Effort effort, Consumer<String> log) throws IOException {
        this.shared = shared;
        this.effort = effort;
        this.log = log;
        model = BenchModel.shared(shared);
    }

    /** Measures all. Throws IllegalStateException when this library and a peer disagree on a forecast. */
    Outcome run() throws Exception {
        latency(Measure.LATENCY_1, 1);
        latency(Measure.LATENCY_7, 7);
        double bundled = bundled();
        throughput(64, 7);
        ratios.put(Measure.BYTES_PER_FORECAST, new Measure.Result(mostBytes, Double.NaN));
        training();
        log.accept("shares of the peak");
        for (Measure share : History.SHARES) ratios.put(share, new Measure.Result(Double.NaN, Double.NaN));
        if (Shares.canBeMeasured()) ratios.putAll(new Shares(effort.shares).all());
        return new Outcome(ratios, bundled, peers);
    }

    private void latency(Measure measure, int channels) throws Exception {
        log.accept("latency, " + channels + " series");
        Nanos nanos = forecasts(1, channels, effort.allocationCalls);
        ratios.put(measure, new Measure.Result(nanos.ours / 1e6, nanos.peer / 1e6));
    }

    private double bundled() throws Exception {
        log.accept("latency of the bundled 512-96");
        try (TtmForecast forecast = new TtmForecast(BenchModel.bundled(), BenchModel.contexts(1))) {
            return effort.forecast.medians(forecast::forecast)[0] / 1e6;
        }
    }

    private void throughput(int batch, int channels) throws Exception {
        int series = batch * channels;
        log.accept("throughput, " + batch + " × " + channels + " series");
        Nanos nanos = forecasts(batch, channels, Math.max(1, effort.allocationCalls / 40));
        ratios.put(Measure.THROUGHPUT_64X7, new Measure.Result(1e9 * series / nanos.ours, 1e9 * series / nanos.peer));
        ratios.put(Measure.THREADS_2, new Measure.Result(1e9 * series / nanos.onTwo, 1e9 * series / nanos.onOne));
    }

    /** Nanoseconds of a forecast of ours and of the peer's, and of a batch on one and on two threads; NaN without one. */
    private record Nanos(double ours, double peer, double onOne, double onTwo) {}

    private Nanos forecasts(int batch, int channels, int allocationCalls) throws Exception {
        float[] contexts = BenchModel.contexts(batch * channels);
        try (TtmForecast ours = new TtmForecast(model, contexts);
                OnnxPeer onnx = OnnxPeer.open(shared, contexts, batch, channels, log)) {
            requireSame(ours, onnx, contexts);
            double[] nanos = effort.forecast.medians(ours::forecast, onnx == null ? null : onnx::run,
                    batch == 1 ? null : ours::predict, batch == 1 ? null : ours::predictOnTwoThreads);
            mostBytes = Math.max(mostBytes, ours.allocatedBytes(allocationCalls));
            return new Nanos(nanos[0], nanos[1], nanos[2], nanos[3]);
        }
    }

    private void requireSame(TtmForecast ours, OnnxPeer onnx, float[] contexts) throws Exception {
        if (onnx == null) return;
        peers.add(onnx.version());
        onnx.run();
        double difference = largestDifference(ours.forecast(), onnx.values(), contexts);
        if (!(difference <= TOLERANCE)) {
            throw new IllegalStateException("the forecasts of this library and ONNX Runtime differ by " + difference
                    + " of the channel's scale; expected at most " + TOLERANCE);
        }
        log.accept("forecasts agree: the largest difference is " + (float) difference + " of the channel's scale");
    }

    /**
     * The largest |a − b| as a share of the standard deviation of the series' context; NaN if one is.
     *
     * @param a series × horizon
     * @param b series × horizon, flat
     */
    static double largestDifference(float[][] a, float[] b, float[] contexts) {
        double[][] values = Precision.doubles(new float[][]{contexts});
        double largest = 0;
        for (int s = 0; s < a.length; s++) {
            Rows context = new Rows(s * BenchModel.CONTEXT, (s + 1) * BenchModel.CONTEXT);
            double scale = Standardization.fit(values, context).deviations()[0];
            for (int t = 0; t < BenchModel.HORIZON; t++) {
                largest = Math.max(largest, Math.abs(a[s][t] - b[s * BenchModel.HORIZON + t]) / scale);
            }
        }
        return largest;
    }

    private void training() throws Exception {
        log.accept("training step, batch " + effort.batch);
        int rounds = effort.rounds;
        double[] one = new double[rounds];
        double[] two = new double[rounds];
        double[] peer = new double[rounds];
        TorchPeer torch = TorchPeer.find(shared, log);
        try (TtmTraining single = new TtmTraining(effort.batch, Shares.MICRO_BATCH, 1);
                TtmTraining pair = new TtmTraining(effort.batch, Shares.MICRO_BATCH, 2)) {
            for (int i = 0; i < rounds; i++) {
                double[] nanos = effort.training.medians(single::step, pair::step);
                one[i] = effort.batch / nanos[0] * 1e9;
                two[i] = effort.batch / nanos[1] * 1e9;
                if (torch == null) continue;
                TorchPeer.Training measured = torch.train(effort.batch);
                peers.add(measured.version());
                peer[i] = measured.windowsPerSecond();
            }
        }
        double single = Timing.median(one);
        ratios.put(Measure.TRAIN, new Measure.Result(single, torch == null ? Double.NaN : Timing.median(peer)));
        ratios.put(Measure.TRAIN_THREADS_2, new Measure.Result(Timing.median(two), single));
    }

    /** PyTorch's training step of the same model on one thread, in a process of its own. */
    private record TorchPeer(String python, Path script) {
        /** The system's own Python first: that is the one that packages such as python3-torch belong to. */
        private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

        /** The peer, or null, with the reason to {@code log}, where the script or a Python with PyTorch is absent. */
        static TorchPeer find(Path sharedFolder, Consumer<String> log) throws InterruptedException {
            Path script = sharedFolder.resolve("peer/ttm_torch.py");
            if (!Files.isRegularFile(script)) {
                log.accept("PyTorch is skipped: no " + script);
                return null;
            }
            for (String python : PYTHONS) {
                try {
                    output(python, "-c", "import torch, safetensors");
                    return new TorchPeer(python, script);
                } catch (IOException e) {
                    log.accept("no PyTorch: " + e.getMessage());
                }
            }
            log.accept("PyTorch is skipped: it takes the packages python3-torch, python3-safetensors, "
                    + "libopenblas0-pthread");
            return null;
        }

        /** The time that the script reports: the median of a dozen steps. */
        record Training(String version, double windowsPerSecond) {}

        /** Training steps with this many one-channel windows each. */
        Training train(int batch) throws IOException, InterruptedException {
            String text = output(python, script.toString(), "train", "--batch", Integer.toString(batch), "--channels",
                    "1");
            Map<String, Object> json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8), script.toString());
            Object rate = json.get("windows_per_s");
            if (!(rate instanceof Number)) throw new IOException(script + ": no number windows_per_s in " + text);
            return new Training(String.valueOf(json.get("peer")), ((Number) rate).doubleValue());
        }

        private static String output(String... command) throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("OMP_NUM_THREADS", "1");
            // Not beside the script, which may be in a folder that is not ours.
            builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
            return Machine.output(builder);
        }
    }
}
