package org.ttm4j.serve.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;

/** A piece of work and its result. Thread-safe. */
final class Job {
    final String id;
    final Client owner;
    private final Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final long runs;
    private final Memory.Share memory;
    private long bytes;
    private final Runnable changed;
    private Thread thread;
    private boolean committed;
    private State state = State.WAITING;
    private Progress progress = new Progress(0, null);
    private Supplier<?> result;
    private Problem problem;
    private Instant ended;

    /** How far a job is. */
    enum State {
        WAITING, RUNNING, DONE, FAILED, CANCELLED;

        private boolean isOver() {
            return ordinal() >= DONE.ordinal();
        }
    }

    /** The share of the work that is done, and what is done now; null for no text. */
    private record Progress(double share, String detail) {}

    /**
     * @param owner who asked for it
     * @param runs of a model that all of it takes, which are counted for its owner
     * @param memory that is reserved for it, which it gives back
     * @param changed is told of each change
     */
    Job(String id, Client owner, long runs, Memory.Share memory, long bytes, Runnable changed) {
        this.id = id;
        this.owner = owner;
        this.runs = runs;
        this.memory = memory;
        this.bytes = bytes;
        this.changed = changed;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Returns true if nothing more comes of it. */
    synchronized boolean isOver() {
        return state.isOver();
    }

    /** When it was over; null before. */
    synchronized Instant ended() {
        return ended;
    }

    /** The result; null while it is not done. */
    synchronized Supplier<?> result() {
        return result;
    }

    /** Called by the work, with what share of it is done. */
    void progress(double share, String detail) {
        synchronized (this) {
            progress = new Progress(share, detail == null ? progress.detail : detail);
        }
        changed.run();
    }

    /** Called by the work, gives back what it holds beyond so many bytes. */
    synchronized void keep(long most) {
        memory.shrinkTo(most);
        bytes = Math.min(bytes, most);
    }

    /** Begins in this thread. Returns false if it was cancelled before. */
    synchronized boolean begin() {
        if (state.isOver()) return false;
        thread = Thread.currentThread();
        state = State.RUNNING;
        return true;
    }

    /**
     * Called by the work before its last step, from which on it cannot be cancelled.
     *
     * @throws CancellationException when it is cancelled already
     */
    synchronized void commit() {
        if (state.isOver()) throw new CancellationException();
        committed = true;
    }

    /** Ends in this thread. What was cancelled stays so. */
    void end(State last, Supplier<?> found, Problem wrong) {
        synchronized (this) {
            thread = null;
            Thread.interrupted();
            owner.ran((long) (runs * (last == State.DONE ? 1 : progress.share)));
            if (!state.isOver()) over(last, found, wrong);
            if (state != State.DONE) memory.close();
        }
        changed.run();
    }

    /** Ends it as soon as the work takes notice, unless it is at its last step. */
    void cancel() {
        synchronized (this) {
            if (state.isOver() || committed) return;
            over(State.CANCELLED, null, null);
            if (thread == null) memory.close();
            else thread.interrupt();
        }
        changed.run();
    }

    private void over(State last, Supplier<?> found, Problem wrong) {
        state = last;
        result = found;
        problem = wrong;
        ended = Instant.now();
    }

    /** Gives back what the result of a job that is over holds. */
    synchronized void forget() {
        result = null;
        if (thread == null) memory.close();
    }

    /** Its state, without the result. */
    synchronized Map<String, Object> members() {
        return Json.object("id", id, "state", state.name().toLowerCase(Locale.ROOT), "created", created.toString(),
                "ended", ended == null ? null : ended.truncatedTo(ChronoUnit.MILLIS).toString(), "progress",
                state == State.DONE ? 1.0 : progress.share, "detail", progress.detail, "error",
                problem == null ? null : problem.members());
    }
}
