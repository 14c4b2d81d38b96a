package org.ttm4j.serve.job;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Listeners;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Route;

/**
 * Work that goes on after the request for it is answered: one job is at work at a time, a few wait, others are refused. What
 * came of them is kept for an hour, of the latest jobs. A client that is named has no more than its part of the places, and
 * sees its own jobs alone. Thread-safe.
 */
public final class Jobs implements AutoCloseable {
    private static final int WAITING = 8;
    /** The most jobs of a named client, running or waiting. */
    private static final int OWN = WAITING / 2;
    private static final int KEPT = 50;
    /** Results take a quarter of the memory of batches at most. */
    private static final int KEPT_PART = 4;
    private static final Duration KEPT_TIME = Duration.ofHours(1);
    private static final int RETRY_SECONDS = 10;

    private final AccessLog log;
    private final Listeners listeners;
    private final Memory memory;
    private final LinkedHashMap<String, Job> jobs = new LinkedHashMap<>();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofPlatform().name("jobs").daemon().factory());

    private record Task(Job job, Runnable work) implements Runnable {
        @Override
        public void run() {
            work.run();
        }
    }

    /** The work of a job. An IllegalArgumentException is an error in the request. */
    @FunctionalInterface
    interface Work {
        /** Works until it is done or its thread is interrupted, and returns what makes the JSON of its result. */
        Supplier<?> run(Job job) throws IOException, InterruptedException;
    }

    /**
     * @param log of failures of the service itself
     * @param memory of all requests, of which jobs hold their shares
     * @param listeners most connections that wait for events of jobs
     */
    public Jobs(AccessLog log, Memory memory, int listeners) {
        this.log = log;
        this.memory = memory;
        this.listeners = new Listeners(listeners);
    }

    /**
     * Lets a job wait for its turn, and answers 202 with its place.
     *
     * @param path of the routes of jobs of this kind
     * @param id of the job among them
     * @param runs of a model that it takes
     * @param bytes that it and what comes of it take until it is forgotten
     * @throws Problem when too many wait, the client has too many, or one of this id is not over
     */
    void start(Exchange exchange, String path, String id, long runs, long bytes, Work work) throws IOException {
        String key = path + "/" + id;
        Memory.Share share = memory.share();
        share.reserve(bytes);
        Job job = new Job(id, exchange.client(), runs, share, () -> listeners.changed(key));
        try {
            add(key, job, work);
        } catch (Problem refused) {
            job.cancel();
            throw refused;
        }
        exchange.answerHeader("Location", key);
        exchange.send(202, Exchange.JSON, Json.bytes(job.members()));
    }

    private synchronized void add(String key, Job job, Work work) {
        forgetOld();
        Job before = jobs.get(key);
        if (before != null && !before.isOver()) throw new Problem(Type.CONFLICT, "a job of this name is at work");
        Client owner = job.owner;
        if (owner.name() != null
                && jobs.values().stream().filter(one -> !one.isOver() && one.owner == owner).count() >= OWN) {
            throw new Problem(Type.TOO_MANY_REQUESTS, OWN + " jobs of " + owner.name() + " are not over")
                    .retryAfter(RETRY_SECONDS);
        }
        try {
            worker.execute(new Task(job, () -> run(job, work)));
        } catch (RejectedExecutionException full) {
            throw new Problem(Type.TOO_MANY_REQUESTS, WAITING + " jobs wait").retryAfter(RETRY_SECONDS);
        }
        if (before != null) jobs.remove(key).forget();
        jobs.put(key, job);
    }

    private void run(Job job, Work work) {
        if (!job.begin()) return;
        try {
            job.end(Job.State.DONE, work.run(job), null);
        } catch (InterruptedException | CancellationException cancelled) {
            job.end(Job.State.CANCELLED, null, null);
        } catch (IllegalArgumentException wrong) {
            // The library names options of the program, whose names the query has too.
            job.end(Job.State.FAILED, null,
                    new Problem(Type.CANNOT_FORECAST, String.valueOf(wrong.getMessage()).replace("--", "")));
        } catch (Problem problem) {
            job.end(Job.State.FAILED, null, problem);
        } catch (IOException | RuntimeException | Error bug) {
            log.failure(null, bug);
            job.end(Job.State.FAILED, null, new Problem(Type.INTERNAL, "this is not the request's fault"));
        }
    }

    /** Forgets what is old, or more than is kept, from the oldest on. */
    private void forgetOld() {
        Instant old = Instant.now().minus(KEPT_TIME);
        int count = 0;
        long bytes = 0;
        for (String key : List.copyOf(jobs.sequencedKeySet().reversed())) {
            Job job = jobs.get(key);
            if (!job.isOver()) continue;
            count++;
            bytes += job.bytes();
            if (count > KEPT || bytes > memory.ofBatches() / KEPT_PART || job.ended().isBefore(old)) {
                jobs.remove(key).forget();
            }
        }
    }

    /**
     * A job that the client of a request may see.
     *
     * @throws Problem when there is none, or it is forgotten or of another client
     */
    synchronized Job get(Exchange exchange, String path) {
        forgetOld();
        Job job = jobs.get(path + "/" + exchange.name("id"));
        if (job != null && job.owner == exchange.client()) return job;
        throw new Problem(Type.NOT_FOUND, "there is no such job, or it is forgotten");
    }

    /** The routes of a kind of jobs: its own, and those of each kind for state and result, events, and the end. */
    List<Route> routes(String path, Route... own) {
        String one = path + "/{id}";
        return Stream.concat(Stream.of(own),
                Stream.of(new Route("GET", one, Route.Access.TOKEN, exchange -> answer(exchange, get(exchange, path))),
                        new Route("DELETE", one, Route.Access.TOKEN, exchange -> delete(exchange, path)),
                        new Route("GET", one + "/events", Route.Access.TOKEN, exchange -> events(exchange, path))))
                .toList();
    }

    private static void answer(Exchange exchange, Job job) throws IOException {
        Map<String, Object> members = job.members();
        Supplier<?> result = job.result();
        if (result != null) members.put("result", result);
        exchange.sendObject(members);
    }

    private void delete(Exchange exchange, String path) {
        Job job = get(exchange, path);
        if (job.isOver()) {
            synchronized (this) {
                jobs.remove(path + "/" + job.id, job);
            }
            job.forget();
        }
        job.cancel();
        worker.getQueue().removeIf(waiting -> ((Task) waiting).job == job);
        exchange.sendNothing();
    }

    private void events(Exchange exchange, String path) throws IOException {
        Job job = get(exchange, path);
        try (Listeners.Listener listener = listeners.listen(path + "/" + job.id);
                OutputStream out = exchange.events()) {
            for (boolean over = false; !over;) {
                boolean changed = listener.awaitChange();
                over = job.isOver() || listener.isEnded();
                exchange.write(out, Listeners.event("state", changed || over ? Json.bytes(job.members()) : null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the answers that go on. */
    public void endEvents() {
        listeners.close();
    }

    /** Ends all jobs, those that wait too. */
    @Override
    public void close() {
        worker.shutdownNow();
    }

    /** A piece of work and its result. Thread-safe. */
    static final class Job {
        final String id;
        final Client owner;
        private final Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        private final long runs;
        private final Memory.Share memory;
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
         * @param changed runs after each change
         */
        Job(String id, Client owner, long runs, Memory.Share memory, Runnable changed) {
            this.id = id;
            this.owner = owner;
            this.runs = runs;
            this.memory = memory;
            this.changed = changed;
        }

        /** Bytes of memory that it holds. */
        synchronized long bytes() {
            return memory.held();
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
}
