package org.ttm4j.eval.pretraining;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.AtomicFile;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.FolderLock;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Trainer;
import org.ttm4j.ttm.train.TrainingDivergedException;

/**
 * Pre-trains a model in a folder, which has {@code training.json}, {@code log.csv} and {@code state.safetensors} during
 * the run and the checkpoint {@code model} at the end; with a patience also the checkpoint {@code best}. An interrupted
 * run continues from the last saved step. Not thread-safe; a folder is locked during a run.
 *
 * <pre>{@code
 * PretrainingRun run = new PretrainingRun(Path.of("run.json"), PretrainOverrides.NONE, Path.of("out"));
 * run.run(log -> System.out.println(log.rows().getLast()));
 * Forecaster forecaster = Forecaster.load(run.model());
 * }</pre>
 */
public final class PretrainingRun {
    private static final long SAVE_NANOS = 60_000_000_000L;
    /** Training diverged at this multiple of simple forecasts' error or, without validation, of the first loss. */
    private static final double DIVERGED = 1000;
    private static final String MODEL = "model";
    private static final String QUANTILE_HEAD = "multi_quantile_head_block.";

    private final PretrainConfig config;
    private final byte[] content;
    private final Path folder;
    private final Path state;
    /** The configuration. */
    private final Path kept;
    private final Path best;

    /** A listener, which is called on the thread of the run. */
    @FunctionalInterface
    public interface Listener {
        /** The run continues after {@code step} saved steps, with the number of threads that it was started with. */
        default void resumed(long step, int threads) {}

        /** A note that a user of the result should know. */
        default void note(String text) {}

        /** A row was added to the log. */
        void logged(TrainingLog log) throws IOException;
    }

    /**
     * Reads a configuration and creates the folder. If a run was started in the folder, its {@code training.json} must
     * have the same values.
     *
     * @throws IllegalArgumentException when the configuration is invalid, or the folder has a run with another
     *     configuration
     */
    public PretrainingRun(Path configuration, PretrainOverrides overrides, Path folder) throws IOException {
        this.folder = folder;
        config = PretrainConfig.read(configuration, overrides);
        Map<String, Object> json = overrides.applyTo(Json.readObject(configuration, PretrainConfig.MOST_BYTES));
        content = overrides.isEmpty()
                ? Files.readAllBytes(configuration)
                : Json.pretty(json).getBytes(StandardCharsets.UTF_8);
        state = folder.resolve("state.safetensors");
        kept = folder.resolve("training.json");
        best = folder.resolve("best");
        Files.createDirectories(folder);
        boolean begun = Files.exists(state) || Files.exists(folder.resolve(TrainingLog.FILE));
        if (begun && Files.exists(kept) && Files.size(kept) > 0) requireKept(json);
    }

    /** Compares values, because white space and the order of keys have no effect on training. */
    private void requireKept(Map<String, Object> json) {
        String difference;
        try {
            Set<String> keys = differing(Json.readObject(kept, PretrainConfig.MOST_BYTES), json);
            if (keys.isEmpty()) return;
            difference = "different values: " + String.join(", ", keys);
        } catch (CheckpointException broken) {
            difference = "the file cannot be read";
        }
        throw new IllegalArgumentException(kept + ": this folder holds a run of another configuration (" + difference
                + "); choose another folder, or delete this one to start anew");
    }

    /**
     * The keys with different values; keys of the model have the prefix {@code model.}. A missing value counts as null.
     */
    private static SortedSet<String> differing(Map<?, ?> one, Map<?, ?> other) {
        SortedSet<String> keys = new TreeSet<>();
        for (Map<?, ?> object : List.of(one, other)) object.keySet().forEach(key -> keys.add((String) key));
        keys.removeIf(key -> Objects.equals(one.get(key), other.get(key)));
        if (keys.contains(MODEL) && one.get(MODEL) instanceof Map<?, ?> a && other.get(MODEL) instanceof Map<?, ?> b) {
            keys.remove(MODEL);
            differing(a, b).forEach(key -> keys.add(MODEL + "." + key));
        }
        return keys;
    }

    public PretrainConfig config() {
        return config;
    }

    /** The folder of the resulting checkpoint. */
    public Path model() {
        return folder.resolve("model");
    }

    /**
     * Trains to the last step, or until the patience is exhausted.
     *
     * @return the number of steps; fewer than planned if validation stopped improving
     * @throws IllegalArgumentException when the corpus, the saved state or the initial weights do not fit the
     *     configuration
     * @throws CheckpointException when the saved state is of another corpus
     * @throws java.nio.file.FileSystemException when another run uses the folder
     * @throws TrainingDivergedException when the loss is not finite, or the error of the result is a thousand times
     *     that of simple forecasts or, without validation, a thousand times the first loss; no model is written then
     * @throws InterruptedException when this thread is interrupted; a later run continues from the last saved step
     */
    @SuppressWarnings("try") // the lock is held, not used
    public long run(Listener listener) throws IOException, InterruptedException {
        try (FolderLock lock = FolderLock.of(folder)) {
            return runAlone(listener);
        }
    }

    private long runAlone(Listener listener) throws IOException, InterruptedException {
        Corpus corpus = config.corpus() == null ? null : Corpus.open(config.corpus());
        int context = config.model().contextLength();
        List<String> names = corpus == null ? List.of() : config.validation();
        List<Validation> validation = names.stream()
                .map(name -> new Validation(corpus, name, context, context, config.model().outputLength()))
                .toList();
        PretrainWindows windows = new PretrainWindows(config, corpus, checksum());
        try (Trainer trainer = new Trainer(initial(), windows, 1, config.plan())) {
            if (Files.exists(state)) {
                trainer.resume(state);
                if (corpus != null && !Safetensors.read(state).metadata().containsKey(Trainer.DATA)) {
                    listener.note(
                            state + " is of an earlier version, which did not record the corpus; it is continued on "
                                    + config.corpus());
                }
                listener.resumed(trainer.steps(), trainer.threads());
            }
            Patience patience = train(trainer, validation, listener);
            TtmModel result = patience.on() ? TtmModel.of(Checkpoint.read(best)) : trainer.result();
            result.save(model(), DType.F32);
            return trainer.steps();
        }
    }

    /** Identifies the corpus, so that a run is not continued on another one with the same name. */
    private String checksum() throws IOException {
        if (config.corpus() == null) return "";
        try (InputStream in = Files.newInputStream(config.corpus())) {
            return "corpus of SHA-256 " + Checkpoint.sha256(in);
        }
    }

    private Patience train(Trainer trainer, List<Validation> validation, Listener listener)
            throws IOException, InterruptedException {
        TrainingLog log = new TrainingLog(folder, trainer.steps());
        Patience patience = new Patience(config.patience());
        // Discards the losses of steps that are already in the log.
        if (!log.rows().isEmpty() && log.rows().getLast().step() == trainer.steps()) trainer.takeMeanLoss();
        log.rows().forEach(row -> patience.improvedBy(row.ratio()));
        int batch = config.plan().batch();
        long began = System.nanoTime();
        long first = trainer.steps();
        long saved = began;
        while (!trainer.finished() && !patience.exhausted()) {
            trainer.step();
            long steps = trainer.steps();
            if (steps == first + 1) AtomicFile.write(kept, out -> out.write(content));
            boolean check = steps % config.validateEvery() == 0 || trainer.finished();
            if (check) {
                Validation.Score score = Validation.score(validation, Forecaster.of(trainer.result()).fast(),
                        config.plan().threads());
                double rate = (steps - first) * batch / ((System.nanoTime() - began) / 1e9);
                // Saved before the log records it as the best.
                if (patience.improvedBy(score.ratio()) && patience.on()) trainer.result().save(best, DType.F32);
                log.add(new TrainingLog.Row(steps, steps * batch, trainer.takeMeanLoss(),
                        config.plan().schedule().learningRate(steps - 1), rate, score.mse(), score.ratio()));
                listener.logged(log);
            }
            if (check || System.nanoTime() - saved > SAVE_NANOS) {
                trainer.save(state);
                saved = System.nanoTime();
            }
        }
        requireLearned(log.rows(), patience, !validation.isEmpty());
        return patience;
    }

    /** Rejects a model that diverged although its loss stayed finite. */
    private static void requireLearned(List<TrainingLog.Row> rows, Patience patience, boolean validated) {
        if (rows.isEmpty()) return;
        Comparator<TrainingLog.Row> byRatio = Comparator.comparingDouble(TrainingLog.Row::ratio);
        TrainingLog.Row result = patience.on() ? rows.stream().min(byRatio).orElseThrow() : rows.getLast();
        // If simple forecasts are nearly exact, the ratio says little, so the error itself must be large too.
        double error = validated
                ? Math.min(result.ratio(), result.mse())
                : result.loss() / Math.max(1, rows.getFirst().loss());
        if (error <= DIVERGED) return;
        throw new TrainingDivergedException(String.format(Locale.ROOT,
                validated
                        ? "the validation error is %,.0f times that of simple forecasts"
                        : "the loss is %,.0f times that of the first steps",
                validated ? result.ratio() : error));
    }

    /**
     * The model with its initial weights. The initial checkpoint must have the same sizes; dropout may differ. A quantile
     * head that it does not have is initialised at random, so that a model of point forecasts can be trained to forecast
     * quantiles.
     */
    private TtmModel initial() throws CheckpointException {
        TtmModel model = new TtmModel(config.model()).initialize(config.plan().seed());
        if (config.initial() != null) {
            Checkpoint from = Checkpoint.read(config.initial());
            Map<String, SafeTensor> tensors = new LinkedHashMap<>(from.tensors());
            model.parameters().forEach((name, drawn) -> {
                if (name.contains(QUANTILE_HEAD)) {
                    tensors.putIfAbsent(name, SafeTensor.of(DType.F32, drawn.shape(), drawn.value()));
                }
            });
            model = TtmModel.of(new Checkpoint(from.source(), config.model(), tensors));
        }
        return config.stage() == null ? model : config.stage().prepare(model);
    }

    /**
     * Detects that validation has stopped improving. Ratios are compared after rounding to the five digits of the log, so
     * that a resumed run decides in the same way as an uninterrupted one. Not thread-safe.
     */
    static final class Patience {
        private static final double DIGITS = 1e5;

        private final long most;
        private long best = Long.MAX_VALUE;
        private long without;

        /** {@code most} is the number of successive validations that may bring no improvement; 0 for any number. */
        Patience(long most) {
            this.most = most;
        }

        boolean on() {
            return most > 0;
        }

        /** Adds the next validation ratio; true if it is the best so far. NaN is ignored. */
        boolean improvedBy(double ratio) {
            if (Double.isNaN(ratio)) return false;
            long rounded = Math.min(Math.round(ratio * DIGITS), Long.MAX_VALUE - 1);
            without = rounded < best ? 0 : without + 1;
            if (without > 0) return false;
            best = rounded;
            return true;
        }

        boolean exhausted() {
            return on() && without >= most;
        }
    }
}
