package org.ttm4j.serve.forecast;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastObserver;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.io.Checkpoint;

/**
 * The models that can be served, by name, and those that are loaded. A request keeps the model that it began with: loading
 * it anew or unloading it meanwhile loses no forecast. Only what the service was started with can be loaded, and what it
 * has fine-tuned since: the network names no files. Thread-safe.
 */
public final class ModelRepository implements AutoCloseable {
    /** The name of all bundled models together: the one that suits a series forecasts it. */
    public static final String DEFAULT = "default";

    private static final String GAUGE = "ttm4j.model.loaded";

    /** Of checkpoints, by name; what has none is bundled. */
    private final Map<String, Path> folders = new ConcurrentHashMap<>();
    /** The names that are taken permanently. */
    private final Set<String> given = new TreeSet<>(BundledModels.names());
    private final Map<String, Map<ForecastMode, Forecaster>> loaded = new ConcurrentHashMap<>();
    private final MeterRegistry metrics;
    private volatile boolean closed;

    /**
     * Nothing is loaded yet.
     *
     * @param checkpoints folders, by name
     */
    public ModelRepository(Map<String, Path> checkpoints, MeterRegistry metrics) {
        this.metrics = metrics;
        given.add(DEFAULT);
        given.addAll(checkpoints.keySet());
        folders.putAll(checkpoints);
    }

    /**
     * Adds a folder of a checkpoint under a name that is free, and loads it.
     *
     * @throws IOException when the checkpoint cannot be read
     */
    public synchronized void load(String name, Path folder) throws IOException {
        folders.put(name, folder);
        try {
            load(name);
        } catch (IOException | RuntimeException | Error e) {
            folders.remove(name);
            throw e;
        }
    }

    /**
     * The checkpoint of a model.
     *
     * @throws Problem when there is no such model, or it is several
     * @throws IOException when it cannot be read
     */
    public Checkpoint checkpoint(String name) throws IOException {
        require(name, null);
        if (folders.containsKey(name)) return Checkpoint.read(folders.get(name));
        if (!name.equals(DEFAULT)) return BundledModels.checkpoint(name);
        throw new Problem(Problem.Type.INVALID_VALUE, "expected one model, and " + DEFAULT + " is several");
    }

    /** The names of all models, in their order. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(given);
        names.addAll(folders.keySet());
        return names;
    }

    /**
     * Whether a new model may have a name: none has it, or one that was added since the start, is unloaded, and whose folder is
     * deleted. A folder that the service was started with may be out of reach for a while.
     */
    public boolean isFree(String name) {
        Path folder = folders.get(name);
        return !given.contains(name) && (folder == null || !isLoaded(name) && !Files.exists(folder));
    }

    public boolean isLoaded(String name) {
        return loaded.containsKey(name);
    }

    /**
     * The forecaster of each mode of a model that is loaded.
     *
     * @throws Problem when it is not
     */
    public Map<ForecastMode, Forecaster> get(String name, String pointer) {
        Map<ForecastMode, Forecaster> model = loaded.get(name);
        if (model != null) return model;
        require(name, pointer);
        throw new Problem(Problem.Type.CONFLICT,
                "this model is not loaded: POST /v2/repository/models/" + name + "/load loads it", pointer);
    }

    /** @throws Problem when there is no such model */
    public void require(String name, String pointer) {
        if (given.contains(name) || folders.containsKey(name)) return;
        throw new Problem(Problem.Type.NOT_FOUND, "expected a model of " + String.join(", ", names()), pointer);
    }

    /**
     * Loads a model, or loads it anew, and warms it up; until then the one before serves.
     *
     * @throws Problem when there is no such model, or the repository is closed
     * @throws IOException when the checkpoint cannot be read
     */
    public synchronized void load(String name) throws IOException {
        requireOpen();
        require(name, null);
        Path folder = folders.get(name);
        Forecaster read = folder != null
                ? Forecaster.load(folder)
                : name.equals(DEFAULT) ? Forecaster.bundled() : Forecaster.bundled(name);
        Forecaster forecaster = ForecastObserver.around(read, this::measure);
        String kernels = forecaster.warmUp().kernels();
        Map<ForecastMode, Forecaster> modes = new EnumMap<>(ForecastMode.class);
        for (ForecastMode mode : ForecastMode.values()) modes.put(mode, forecaster.in(mode));
        loaded.put(name, modes);
        requireOpen();
        if (metrics.find(GAUGE).tag("model", name).gauge() != null) return;
        Gauge.builder(GAUGE, loaded, all -> all.containsKey(name) ? 1 : 0)
                .description("Whether a model is loaded, and on which kernels it runs")
                .tag("model", name)
                .tag("kernels", kernels)
                .register(metrics);
    }

    /** Also checked after adding a model, because closing during its load clears only the models added before. */
    private void requireOpen() {
        if (!closed) return;
        loaded.clear();
        throw new Problem(Problem.Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
    }

    /** The names are those of the starter for Spring Boot. {@link Batcher} counts the batches of requests alone. */
    private void measure(ForecastObserver.Batch batch) {
        String mode = batch.mode().toString();
        Timer.builder("ttm4j.forecast.duration")
                .description("Time that batches took to forecast, by mode; a model that is not combined is fast")
                .tag("mode", mode)
                .register(metrics)
                .record(batch.duration());
        Counter.builder("ttm4j.forecast.refused")
                .description("Series that could not be forecast")
                .register(metrics)
                .increment(batch.refused());
        batch.models()
                .forEach((model, count) -> Counter.builder("ttm4j.forecast.series")
                        .description("Forecasts of series, by mode and model")
                        .tags("mode", mode, "model", model)
                        .register(metrics)
                        .increment(count));
    }

    /** Why a model could not be loaded, for strangers: without the folder that it was to come from. */
    public String reason(String name, Exception failure) {
        String message = String.valueOf(failure.getMessage());
        Path folder = folders.get(name);
        return folder == null ? message : message.replace(folder + folder.getFileSystem().getSeparator(), "");
    }

    /** Unloads a model; requests that have begun end as usual. */
    public void unload(String name) {
        require(name, null);
        loaded.remove(name);
    }

    public boolean isClosed() {
        return closed;
    }

    /** Unloads all models, and refuses to load any; does not wait for a load that goes on. */
    @Override
    public void close() {
        closed = true;
        loaded.clear();
    }
}
