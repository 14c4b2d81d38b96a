package org.ttm4j.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.ttm4j.serve.http.Problem.Type;

/**
 * A client that a token or a certificate names, with its limits and counters. The object stays the same when the file of
 * tokens is read again. Thread-safe.
 */
public final class Client {
    /**
     * What a client may ask for; 0 is without a limit.
     *
     * @param rate requests a second
     * @param burst requests at once
     * @param series in a request
     * @param runs of a model that a request takes, as the library estimates them
     */
    record Limits(double rate, int burst, int series, int runs) {
        static final Limits NONE = new Limits(0, 0, 0, 0);
    }

    /** Anyone, where nobody is named. */
    public static final Client UNNAMED = new Client(null);

    final LongAdder requests = new LongAdder();
    /** Requests beyond its limits. */
    final LongAdder refused = new LongAdder();
    /** Runs of models that were made for it. */
    final LongAdder runs = new LongAdder();

    private final String name;
    private volatile Limits limits = Limits.NONE;
    /** Requests that were left in the bucket at a time. */
    private double left = Double.MAX_VALUE;
    private long since;

    public Client(String name) {
        this.name = name;
    }

    /** Its name; null for anyone. */
    public String name() {
        return name;
    }

    synchronized void within(Limits newLimits) {
        if (newLimits.equals(limits)) return;
        limits = newLimits;
        left = newLimits.burst();
        since = System.nanoTime();
    }

    /** @throws Problem when it makes more requests than it may */
    void requireRate() {
        requests.increment();
        Limits now = limits;
        if (now.rate() == 0) return;
        double seconds = secondsUntilNext(now);
        if (seconds <= 0) return;
        refused.increment();
        throw new Problem(Type.TOO_MANY_REQUESTS, "expected of " + name + " at most " + now.rate()
                + " requests a second, and " + now.burst() + " at once").retryAfter((int) Math.ceil(seconds));
    }

    /** Takes a request, or says in how long there is one to take (a token bucket). */
    private synchronized double secondsUntilNext(Limits now) {
        long time = System.nanoTime();
        left = Math.min(now.burst(), left + now.rate() * (time - since) / TimeUnit.SECONDS.toNanos(1));
        since = time;
        if (left < 1) return (1 - left) / now.rate();
        left--;
        return 0;
    }

    /** @throws Problem when a request has more series, or takes more runs of a model, than those of this client may */
    public void requireSize(long series, long estimatedRuns) {
        require(series, limits.series, "series");
        require(estimatedRuns, limits.runs, "runs of the model");
    }

    private void require(long asked, long most, String of) {
        if (most == 0 || asked <= most) return;
        refused.increment();
        throw new Problem(Type.TOO_LARGE,
                "expected of " + name + " at most " + most + " " + of + " in a request, found " + asked);
    }

    public void ran(long count) {
        runs.add(count);
    }
}
