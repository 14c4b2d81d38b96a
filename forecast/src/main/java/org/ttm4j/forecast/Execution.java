package org.ttm4j.forecast;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Tiles;

/**
 * How requests are executed: helping threads, a deadline or another end, and a progress listener. Immutable; the caller
 * owns the objects passed in.
 *
 * <pre>{@code
 * Execution execution = Execution.ALONE.withExecutor(pool).withTimeout(Duration.ofSeconds(2));
 * List<ForecastResult> results = forecaster.forecastAll(requests, execution);
 * }</pre>
 */
public final class Execution {
    /** The calling thread alone, for as long as it takes. */
    public static final Execution ALONE = new Execution(null, () -> {}, done -> {});

    private final Executor executor;
    /** Throws CancellationException once it is to end. */
    private final Runnable end;
    private final IntConsumer progress;

    private Execution(Executor executor, Runnable end, IntConsumer progress) {
        this.executor = executor;
        this.end = end;
        this.progress = progress;
    }

    /**
     * With the help of an executor's threads. The calling thread works too, and does alone what the executor rejects or, as
     * it is shut down, drops.
     */
    public Execution withExecutor(Executor of) {
        return new Execution(of, end, progress);
    }

    /** With a deadline, measured from this call. Requests that are not forecast by then fail. */
    public Execution withTimeout(Duration time) {
        RunRules.requireGiven("time", time);
        // Converted to nanoseconds, centuries are cut to the range of a long.
        long deadline = System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(time));
        return until(() -> System.nanoTime() - deadline >= 0, "the deadline is past");
    }

    /**
     * With a condition that ends the work, such as that no one waits for it any more. The calling thread evaluates it some
     * hundred times a second.
     *
     * @param reason the message of the failures after that
     */
    public Execution until(BooleanSupplier over, String reason) {
        RunRules.requireGiven("over", over);
        return new Execution(executor, () -> {
            end.run();
            if (over.getAsBoolean()) throw new CancellationException(reason);
        }, progress);
    }

    /** With a listener that receives the number of newly forecast channels, on the calling thread. */
    public Execution withProgress(IntConsumer channels) {
        RunRules.requireGiven("channels", channels);
        return new Execution(executor, end, channels);
    }

    /** Null for none. */
    Executor executor() {
        return executor;
    }

    /** Runs each of {@code count} pieces of work once, with the help of the executor's threads. */
    void run(int count, IntConsumer work) {
        new Tiles(count, work).run(executor, this::requireTime);
    }

    void progress(int channels) {
        if (channels > 0) progress.accept(channels);
    }

    /** Throws CancellationException once the execution must end or the calling thread is interrupted. */
    void requireTime() {
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
        end.run();
    }
}
