package org.ttm4j.ttm.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.ElementwiseKernels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Parallel;
import org.ttm4j.ttm.series.Tiles;

/**
 * Trains a model by AdamW on windows from a source. Each batch is divided into micro-batches, which are assigned to the
 * threads in turn; gradients are added in thread order. The same seed, plan and number of threads therefore give the
 * same model, bit for bit, also across {@link #save} and {@link #resume}, which continues with the saved number of
 * threads. Parameters that are frozen when the trainer is created are not changed. A frozen backbone runs without
 * dropout, except in a decomposed model. Not thread-safe.
 */
public final class Trainer implements AutoCloseable {
    /** The key of {@link WindowSource#identity} in the metadata of a saved state; states of older versions lack it. */
    public static final String DATA = "data";

    private static final int AVERAGE_WARM_UP = 10;

    private static final String STEP = "step";
    private static final String THREADS = "threads";
    private static final String SEED = "plan.seed";
    private static final String LOSSES = "losses";
    private static final String LOSS_SUM = "loss_sum";

    private final TtmModel model;
    private final WindowSource source;
    private final int channels;
    private final TrainingPlan plan;
    private final AdamW optimizer;
    /** The micro-batch of each thread. */
    private final List<WindowBatch> workers = new ArrayList<>();
    /** Whether the last step failed: graphs hold a part of its gradient, to which tasks that still run may add. */
    private boolean isStale;
    private ExecutorService pool;
    private final TtmModel average;
    private long step;
    private double lossSum;
    private long losses;

    /**
     * A trainer at step 0.
     *
     * @param channels the number of channels of each window
     * @throws IllegalArgumentException when the model has BatchNorm and the plan divides batches into micro-batches
     */
    public Trainer(TtmModel model, WindowSource source, int channels, TrainingPlan plan) {
        if (model.config().normMlp() == TtmConfig.Norm.BATCH && plan.microBatch() != plan.batch()) {
            throw new IllegalArgumentException("BatchNorm looks at the whole batch: the micro-batch "
                    + plan.microBatch() + " must be the batch " + plan.batch());
        }
        this.model = model;
        this.source = source;
        this.channels = channels;
        this.plan = plan;
        optimizer = new AdamW(model.parameters(), (float) plan.weightDecay());
        startWorkers(plan.threads());
        average = plan.averageDecay() > 0 ? new TtmModel(model.config()) : null;
        if (average == null) return;
        average.load(model.tensors(DType.F32)::get);
        Map<String, Parameter> weights = model.parameters();
        average.parameters().forEach((name, parameter) -> parameter.freeze(isFrozen(weights.get(name))));
    }

    private void startWorkers(int threads) {
        int count = Math.min(threads, plan.batch() / plan.microBatch());
        close();
        isStale = false;
        workers.clear();
        for (int i = 0; i < count; i++) {
            workers.add(new WindowBatch(model, Graph.Mode.TRAINING, plan.microBatch(), channels));
        }
        pool = Parallel.pool(count);
    }

    /** The number of steps so far. */
    public long steps() {
        return step;
    }

    /** The number of threads: that of the plan or of the resumed state, at most one per micro-batch. */
    public int threads() {
        return workers.size();
    }

    /** True if all steps of the plan have been taken. */
    public boolean finished() {
        return step >= plan.steps();
    }

    /** The trained model: the moving average of the weights or, without averaging, the weights themselves. */
    public TtmModel result() {
        return average == null ? model : average;
    }

    /**
     * Takes one step and returns the batch's mean loss before it.
     *
     * @throws TrainingDivergedException when the loss or a gradient is not finite; trained weights are then unchanged
     * @throws InterruptedException when this thread is interrupted; the step can then be taken again
     * @throws IllegalStateException after {@link #close}
     */
    public double step() throws InterruptedException {
        if (pool.isShutdown()) throw new IllegalStateException("this trainer is closed");
        if (isStale) startWorkers(workers.size());
        List<Callable<Double>> tasks = new ArrayList<>();
        int count = workers.size();
        for (int i = 0; i < count; i++) {
            int first = i;
            WindowBatch worker = workers.get(i);
            tasks.add(() -> microBatches(worker, first, count));
        }
        double sum = 0;
        isStale = true;
        for (Future<Double> loss : pool.invokeAll(tasks)) sum += Parallel.get(loss);
        isStale = false;
        optimizer.zeroGradients();
        runAll(optimizer.parameters()
                .stream()
                .<Runnable>map(parameter -> () -> workers.forEach(worker -> worker.graph.collectGradient(parameter)))
                .toList());
        double norm = optimizer.gradientNorm();
        if (!Double.isFinite(norm) || !Double.isFinite(sum)) {
            throw new TrainingDivergedException(step, sum, norm);
        }
        runAll(optimizer.updates(plan.schedule().learningRate(step), AdamW.clipScale(norm, plan.maxGradientNorm())));
        step++;
        if (average != null) runAll(averageUpdates());
        lossSum += sum;
        losses++;
        return sum;
    }

    /** The mean loss of all steps since the last call, also across {@link #save} and {@link #resume}. */
    public double takeMeanLoss() {
        double mean = lossSum / losses;
        lossSum = 0;
        losses = 0;
        return mean;
    }

    /** Runs the micro-batches of one worker: first, first + workers, … of the current batch, until it is interrupted. */
    private double microBatches(WindowBatch worker, int first, int workers) {
        int count = plan.batch() / plan.microBatch();
        double sum = 0;
        for (int i = first; i < count && !Thread.currentThread().isInterrupted(); i += workers) {
            long number = step * count + i;
            sum += worker.train(source, number * plan.microBatch(), plan.seed() + number, 1f / count) / count;
        }
        return sum;
    }

    /** average = d·average + (1 − d)·weights, as one task per parameter. */
    private List<Runnable> averageUpdates() {
        float decay = (float) Math.min(plan.averageDecay(), (1.0 + step) / (AVERAGE_WARM_UP + step));
        ElementwiseKernels kernels = KernelSelection.active().elementwise();
        Map<String, Parameter> weights = model.parameters();
        List<Runnable> updates = new ArrayList<>();
        average.parameters().forEach((name, parameter) -> {
            if (isFrozen(parameter)) return;
            updates.add(() -> {
                float[] values = parameter.value();
                kernels.scale(values, 0, decay, values.length);
                kernels.addScaled(values, 0, weights.get(name).value(), 0, 1 - decay, values.length);
                parameter.count(weights.get(name).count());
                parameter.changed();
            });
        });
        return updates;
    }

    /** Runs tasks for different parameters on all threads and this one. Not interruptible: a step must not be half done. */
    private void runAll(List<Runnable> tasks) {
        new Tiles(tasks.size(), i -> tasks.get(i).run()).run(pool, () -> {});
    }

    /** Writes the state for {@link #resume} to a file, which appears complete or not at all. */
    public void save(Path file) throws IOException {
        Map<String, String> metadata = fingerprint();
        metadata.put(STEP, Long.toString(step));
        metadata.put(LOSSES, Long.toString(losses));
        metadata.put(LOSS_SUM, Double.toString(lossSum));
        metadata.put(THREADS, Integer.toString(workers.size()));
        Safetensors.write(file, state(), metadata);
    }

    /** What identifies a run: the configuration of the model, the data, and the plan except the threads. */
    private Map<String, String> fingerprint() {
        Map<String, String> fingerprint = new TreeMap<>();
        model.config().toJson().forEach((key, value) -> fingerprint.put("model." + key, Json.compact(value)));
        Json.object("channels", channels, DATA, source.identity(), "plan.steps", plan.steps(), "plan.batch",
                plan.batch(), "plan.micro_batch", plan.microBatch(), SEED, plan.seed(), "plan.weight_decay",
                plan.weightDecay(), "plan.max_gradient_norm", plan.maxGradientNorm(), "plan.average_decay",
                plan.averageDecay()).forEach((key, value) -> fingerprint.put(key, value.toString()));
        // A schedule is a function; schedules that agree at a few steps count as equal.
        for (int quarter = 0; quarter <= 4; quarter++) {
            double rate = plan.schedule().learningRate((long) ((plan.steps() - 1) * (quarter / 4.0)));
            fingerprint.put("plan.learning_rate at " + quarter + "/4", Double.toString(rate));
        }
        return fingerprint;
    }

    /**
     * Continues from a state that {@link #save} wrote, with the saved number of threads. Model and plan must be the
     * same. A state of an older version that does not name plan or data is accepted if its tensors fit.
     *
     * @throws CheckpointException when the file cannot be read or is damaged, or belongs to another model, plan, seed or
     *     data, naming the differences
     */
    public void resume(Path file) throws CheckpointException {
        Safetensors saved = Safetensors.read(file);
        requireSameRun(saved);
        long most = Math.min(plan.steps(), Integer.MAX_VALUE);
        long savedStep = whole(saved, STEP, null, 0, most);
        long threads = whole(saved, THREADS, workers.size(), 1, TrainingPlan.MOST_THREADS);
        long savedLosses = whole(saved, LOSSES, 0, 0, most);
        double savedSum = number(saved, LOSS_SUM);
        for (Map.Entry<String, SafeTensor> entry : state().entrySet()) require(saved, entry.getKey(), entry.getValue());
        saved.requireFinite();
        step = savedStep;
        losses = savedLosses;
        lossSum = savedSum;
        if (threads != workers.size()) startWorkers((int) threads);
        model.load(name -> saved.tensors().get("model." + name));
        if (average != null) average.load(name -> saved.tensors().get("average." + name));
        optimizer.moments()
                .forEach((name, values) -> System.arraycopy(saved.tensors().get(name).floats(), 0, values, 0,
                        values.length));
        optimizer.resumeAt((int) step);
    }

    private void requireSameRun(Safetensors state) throws CheckpointException {
        Map<String, String> saved = state.metadata();
        if (!saved.containsKey(SEED)) return;
        List<String> differences = new ArrayList<>();
        fingerprint().forEach((key, value) -> {
            if (value.equals(saved.getOrDefault(key, key.equals(DATA) ? value : null))) return;
            differences.add(key + " is " + saved.get(key) + " in the state, " + value + " in this run");
        });
        if (differences.isEmpty()) return;
        throw state.wrong("this is the training state of another run: " + String.join("; ", differences));
    }

    /** A whole number in the metadata, or {@code otherwise} if it is missing and {@code otherwise} is not null. */
    private static long whole(Safetensors saved, String key, Integer otherwise, long least, long most)
            throws CheckpointException {
        String text = saved.metadata().get(key);
        if (text == null && otherwise != null) return otherwise;
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException notANumber) {
            // Reported below, like numbers out of range.
        }
        throw saved.wrong(
                "metadata key " + key + " is " + text + "; expected a whole number from " + least + " to " + most);
    }

    /** A finite number in the metadata; 0 if it is missing. */
    private static double number(Safetensors saved, String key) throws CheckpointException {
        String text = saved.metadata().getOrDefault(key, "0");
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) return number;
        } catch (NumberFormatException notANumber) {
            // Reported below, like numbers that are not finite.
        }
        throw saved.wrong("metadata key " + key + " is " + text + "; expected a finite number");
    }

    private static void require(Safetensors saved, String name, SafeTensor like) throws CheckpointException {
        boolean floats = like.dtype().isFloat();
        SafeTensor tensor = saved.tensors().get(name);
        if (tensor == null || !tensor.shape().equals(like.shape()) || tensor.dtype().isFloat() != floats) {
            throw saved.wrong("no tensor " + name + " " + like.shape() + " of " + (floats ? "floats" : "integers")
                    + ": this training state is of another model");
        }
    }

    /** All that changes between steps: weights, buffers and counters, the moments and the average; arrays are not copied. */
    private Map<String, SafeTensor> state() {
        Map<String, SafeTensor> state = new LinkedHashMap<>();
        model.tensors(DType.F32).forEach((name, tensor) -> state.put("model." + name, tensor));
        optimizer.moments().forEach((name, values) -> state.put(name, SafeTensor.of(values, values.length)));
        if (average != null) average.tensors(DType.F32).forEach((name, tensor) -> state.put("average." + name, tensor));
        return state;
    }

    /** Ends the worker threads. */
    @Override
    public void close() {
        if (pool != null) pool.shutdownNow();
    }

    static boolean isFrozen(Parameter parameter) {
        return parameter.kind() == Parameter.Kind.TRAINED && !parameter.trainable();
    }
}
