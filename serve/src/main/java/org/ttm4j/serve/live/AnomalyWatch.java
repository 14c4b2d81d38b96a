package org.ttm4j.serve.live;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.serve.forecast.ForecastJson;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.live.KeptSeries.Series;

/**
 * Judges the values of kept series that ask for it as they arrive, on one thread: each by the forecast from those before it. What
 * it knows of these series, and their latest anomalies, is kept in memory; a value that comes too late is not judged.
 * Thread-safe.
 */
final class AnomalyWatch implements AutoCloseable {
    private static final int WAITING = 1000;
    private static final int ANOMALIES = 100;
    /** Of values that arrive together, the last ones, so many, are judged one by one. */
    private static final int TOGETHER = 100;

    private final KeptSeries series;
    private final ModelRepository models;
    private final BiConsumer<String, List<Map<String, Object>>> found;
    private final AccessLog log;
    private final BlockingQueue<Added> waiting = new ArrayBlockingQueue<>(WAITING);
    /** In the order in which they were used, the last one last. Guarded by this. */
    private final Map<String, State> states = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread thread;

    /**
     * By series, the last step before its first value that could not be judged. The next value tries again from there, and posts
     * what another service took since once more.
     */
    private final Map<String, Long> open = new ConcurrentHashMap<>();
    /** The same of values that found no place to wait, maybe while others of their series are judged. */
    private final Map<String, Long> dropped = new ConcurrentHashMap<>();

    /** Values that were added after a step, and the last step then. */
    private record Added(String id, long after, long last) {}

    /** What is known of a series, whose first value is of a step of its grid. */
    private static final class State {
        final Grid grid;
        final String settings;
        final LiveSeries live;
        final long first;
        long last;
        final Deque<Map<String, Object>> anomalies = new ArrayDeque<>();

        State(Series of, LiveSeries live, long first, long last) {
            grid = of.grid();
            settings = of.settings().text();
            this.live = live;
            this.first = first;
            this.last = last;
        }
    }

    /** @param found receives the anomalies of a series */
    AnomalyWatch(KeptSeries series, ModelRepository models, BiConsumer<String, List<Map<String, Object>>> found,
            AccessLog log) {
        this.series = series;
        this.models = models;
        this.found = found;
        this.log = log;
        thread = Thread.ofPlatform().name("anomalies-live").daemon().start(this::work);
    }

    /** Forgets a series that was deleted, or does not ask for judgement any more. */
    synchronized void forget(String id) {
        states.remove(id);
        open.remove(id);
        dropped.remove(id);
    }

    /** Values of a series were added; the last before them was of this step, and the last with them is of that. */
    void added(String id, long after, long last) {
        if (waiting.offer(new Added(id, after, last))) return;
        dropped.merge(id, after, Math::min);
        log.failure(null, new IOException(WAITING + " series wait to be judged"));
    }

    /** The latest anomalies of a series, from the oldest on. */
    synchronized List<Map<String, Object>> of(String id) {
        State state = states.get(id);
        return state == null ? List.of() : List.copyOf(state.anomalies);
    }

    /**
     * Drops what is known of those that were not used for longest: services that share a database can have more together. One
     * whose values wait or are judged now stays, as some of these may be judged already. Holds the monitor.
     */
    private void dropOldest(String judged) {
        if (states.size() <= KeptSeries.MOST_JUDGED) return;
        Set<String> stay = waiting.stream().map(Added::id).collect(Collectors.toCollection(HashSet::new));
        stay.add(judged);
        states.keySet().removeIf(id -> states.size() > KeptSeries.MOST_JUDGED && !stay.contains(id));
    }

    private void work() {
        while (true) {
            try {
                Added next = waiting.take();
                List<Map<String, Object>> anomalies = new ArrayList<>();
                try {
                    Long earlier = dropped.remove(next.id);
                    long after = earlier == null ? next.after : Math.min(earlier, next.after);
                    judge(next, open.merge(next.id, after, Math::min), anomalies);
                    open.remove(next.id);
                } finally {
                    // Those before a value whose forecast failed are not judged again.
                    if (!anomalies.isEmpty()) found.accept(next.id, anomalies);
                }
            } catch (InterruptedException closed) {
                return;
            } catch (CancellationException closed) {
                if (thread.isInterrupted()) return;
            } catch (IllegalArgumentException | Problem notNow) {
                // Too few values, a model that is not loaded or a series that is deleted: the next value tries again.
            } catch (IOException | RuntimeException | OutOfMemoryError bug) {
                log.failure(null, bug);
            }
        }
    }

    /** Finds the anomalies after a step. Others that were added before are judged too, as another service took them. */
    private void judge(Added added, long after, List<Map<String, Object>> anomalies) throws IOException {
        Series now = kept(added.id, KeptSeries.KEPT);
        if (now.settings().anomalies() == 0 || now.points().isEmpty()) return;
        Forecaster forecaster = now.settings().options().forecaster(models, null);
        ForecastRequest all = now.request();
        double[] history = all.history()[0];
        long begin = now.points().steps()[0];
        State state;
        synchronized (this) {
            state = states.get(added.id);
        }
        // Else the series was deleted, and put anew.
        if (state != null && !state.grid.equals(now.grid())) state = null;
        if (state == null || !state.settings.equals(now.settings().text()) || state.last + 1 < begin) {
            long judged = state == null ? after : Math.max(after, state.last);
            int before = Math.clamp(judged + 1 - begin, 0, history.length);
            AnomalySearch search = new AnomalySearch(forecaster, now.settings().anomalies(), 1, 0);
            ForecastRequest known = all.withHistory(new double[][]{Arrays.copyOf(history, before)});
            State old = state;
            state = new State(now, search.live(known, 1), begin, begin + before - 1);
            synchronized (this) {
                if (old != null) state.anomalies.addAll(old.anomalies);
                states.put(added.id, state);
                dropOldest(added.id);
            }
            if (kept(added.id, 1).settings().anomalies() == 0) return;
        }
        int from = (int) (state.last + 1 - begin);
        int end = Math.clamp(added.last + 1 - begin, 0, history.length);
        int single = Math.max(from, end - TOGETHER);
        List<Map<String, Object>> unusual = new ArrayList<>();
        try {
            for (int t = from; t < end;) {
                int to = t < single ? single : t + 1;
                state.last = begin + to - 1;
                for (Judged one : state.live.addAll(forecaster, new double[][]{Arrays.copyOfRange(history, t, to)})) {
                    if (!one.isAnomaly()) continue;
                    unusual.add(members(now, state.first + one.index(), one));
                    if (state.first + one.index() > after) anomalies.add(unusual.get(unusual.size() - 1));
                }
                t = to;
            }
        } finally {
            synchronized (this) {
                state.anomalies.addAll(unusual);
                while (state.anomalies.size() > ANOMALIES) state.anomalies.remove();
            }
        }
    }

    /** A series, which is forgotten if it was put without anomalies, or deleted, be it by another service. */
    private Series kept(String id, int most) throws IOException {
        try {
            Series now = series.get(id, most);
            if (now.settings().anomalies() == 0) forget(id);
            return now;
        } catch (Problem gone) {
            forget(id);
            throw gone;
        }
    }

    private static Map<String, Object> members(Series of, long step, Judged one) {
        Map<String, Object> members = Json.object("time", IsoTimes.text(of.grid().timeOf(step)));
        members.putAll(ForecastJson.members(one));
        return members;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
