package org.ttm4j.serve.job;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.eval.protocol.EvaluationProtocol;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.forecast.FineTunedIntervals;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.forecast.TableBody;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Route;
import org.ttm4j.ttm.io.FolderLock;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;

/**
 * {@code /v1/models}: fine-tunes a model on a table, as a job, and then serves it under its name. Thread-safe.
 *
 * @param folder that models are written to; null for none
 */
public record FineTuningRoute(Jobs jobs, ModelRepository models, Memory memory, Path folder) {
    private static final String PATH = "/v1/models";
    /** Windows of all epochs: some ten minutes of one core. */
    private static final long MOST_WINDOWS = 20_000_000;
    private static final int MOST_EPOCHS = 1000;
    private static final int MOST_MODELS = 64;
    /**
     * Bytes of a value; and, while training, of what is kept of each window, of which a part of the memory of batches at most
     * is reserved, and of the weights that are trained.
     */
    private static final long VALUE_BYTES = 32;
    private static final long WINDOW_BYTES = 8 << 10;
    private static final int WINDOWS_PART = 4;
    private static final long WEIGHT_BYTES = 32 << 20;

    public List<Route> routes() {
        return jobs.routes(PATH, new Route("POST", PATH, Route.Access.READY, this::start));
    }

    private void start(Exchange exchange) throws IOException {
        if (folder == null) {
            throw new Problem(Type.CONFLICT, "this service was started without a folder for models (--models)");
        }
        String type = exchange.mediaType(Exchange.CSV, Exchange.WORKBOOK);
        String name = exchange.queryName("name");
        if (name.isEmpty()) throw new Problem(Type.INVALID_VALUE, "expected in the query the name of the new model");
        Path target = folder.resolve(name);
        requireFree(name, target);
        String model = exchange.queryName("model");
        if (!model.isEmpty()) models.checkpoint(model);
        FineTuningOptions options = FineTuningOptions.defaults()
                .withHorizon(exchange.query("horizon", 0, 1, exchange.limits().horizon()))
                .withEpochs(exchange.query("epochs", FineTuningOptions.defaults().epochs(), 1, MOST_EPOCHS))
                .withSeed(exchange.query("seed", 1, 0, Integer.MAX_VALUE))
                .withThreads(1);
        CsvFile csv = TableBody
                .read(exchange, type, models.get(ModelRepository.DEFAULT, null).get(ForecastMode.BALANCED), memory)
                .csv();
        exchange.series(csv.series().size());
        long values = csv.series().stream().mapToLong(one -> (long) one.length() * one.channels().size()).sum();
        long windows = values * options.epochs();
        exchange.client().requireSize(csv.series().size(), windows);
        if (windows > MOST_WINDOWS) {
            throw new Problem(Type.TOO_LARGE, "expected at most " + MOST_WINDOWS + " values × epochs, found " + windows
                    + ": ask for fewer epochs, or send the last rows");
        }
        long training = Math.min(memory.ofBatches() / WINDOWS_PART, WEIGHT_BYTES + WINDOW_BYTES * values);
        jobs.start(exchange, PATH, name, windows, VALUE_BYTES * values, job -> {
            try (Memory.Share share = memory.share()) {
                reserve(share, training);
                Map<String, Object> result = tune(job, FineTuningSeries.ofTargets(csv.series()), name, model, options);
                job.keep(0);
                return () -> result;
            }
        });
    }

    /** Waits while others hold the memory. */
    private static void reserve(Memory.Share share, long bytes) throws InterruptedException {
        while (true) {
            try {
                share.reserve(bytes);
                return;
            } catch (Problem notNow) {
                if (notNow.type() != Type.TOO_MANY_REQUESTS) throw notNow;
                if (Thread.interrupted()) throw new InterruptedException();
            }
        }
    }

    private void requireFree(String name, Path target) {
        if (!models.isFree(name) || Files.exists(target)) {
            throw new Problem(Type.CONFLICT, "there is a model of this name already: choose another");
        }
        if (models.names().stream().filter(one -> Files.exists(folder.resolve(one))).count() < MOST_MODELS) return;
        throw new Problem(Type.CONFLICT, "there are " + MOST_MODELS
                + " fine-tuned models: unload one that is not needed, and delete its folder in that of --models");
    }

    @SuppressWarnings("try") // the lock is held, not used, and what is unfinished is deleted before it is released
    private Map<String, Object> tune(Jobs.Job job, FineTuningSeries series, String name, String model,
            FineTuningOptions options) throws IOException, InterruptedException {
        Path target = folder.resolve(name);
        Path made = folder.resolve("." + name + ".new"); // which is no name of a model
        List<String> notes = new ArrayList<>();
        String base = model.isEmpty() ? series.suiting(EvaluationProtocol.RATIO, options.horizon(), notes::add) : model;
        Files.createDirectories(folder); // kept even if training fails
        try (FolderLock held = FolderLock.of(target); Closeable unfinished = () -> delete(made)) {
            requireFree(name, target);
            TtmModel start = TtmModel.of(models.checkpoint(base));
            int horizon = options.horizon() == 0 ? start.config().outputLength() : options.horizon();
            FineTuningData data = series.data(EvaluationProtocol.RATIO, 1, start.config().contextLength(), horizon,
                    notes::add);
            FineTuned tuned = FineTuning.run(start, data, options,
                    (epoch, best) -> job.progress(epoch.number() / (double) options.epochs(),
                            "epoch " + epoch.number() + " of " + options.epochs() + " at most"));
            delete(made); // left by a service that was killed; its intervals belong to other weights
            tuned.save(made, Json.object("data", "POST " + PATH, "model", base));
            try {
                FineTunedIntervals.of(tuned, data).write(made);
            } catch (IllegalArgumentException impossible) {
                notes.add("the model has no intervals: " + impossible.getMessage());
            }
            job.commit();
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
            try {
                models.load(name, target);
            } catch (IOException | RuntimeException | Error e) {
                delete(target);
                throw e;
            }
            return Json.object("model", name, "base", base, "epochs", tuned.epochs().size() - 1, "validation_loss",
                    tuned.validationLoss(), "validation_loss_before", tuned.epochs().get(0).validationLoss(), "notes",
                    notes);
        } catch (TrainingDivergedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void delete(Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) return;
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(checkpoint);
    }
}
