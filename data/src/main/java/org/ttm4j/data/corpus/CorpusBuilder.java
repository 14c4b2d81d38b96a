package org.ttm4j.data.corpus;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ttm4j.data.series.DataException;

/**
 * Makes a {@link Corpus} from a manifest: the rows of role {@code pretrain} name gzip CSV files on a regular grid,
 * which are cut to standardised univariate series by the rules of this package. Files of any other role are never read.
 *
 * <p>The work can be interrupted at any time: each file's series are kept in a folder {@code <corpus>.parts}, and the
 * next run continues there; a file that has changed since is read again. The corpus appears whole or not at all, is the
 * same byte for byte whatever the number of threads, and stands beside a {@link CorpusReport} as
 * {@code <corpus>.report.csv}. One corpus must not be built twice at the same time.
 */
public final class CorpusBuilder {
    /** Parts that other rules made are not taken over: raise it whenever the rules change. */
    private static final int RULES = 1;

    private final Manifest manifest;
    private final Path corpus;
    private final Path parts;
    private final List<Task> tasks = new ArrayList<>();

    private CorpusBuilder(Path manifest, Path corpus) throws IOException {
        this.manifest = Manifest.read(manifest);
        this.corpus = corpus.toAbsolutePath();
        parts = this.corpus.resolveSibling(corpus.getFileName() + ".parts");
    }

    private record Task(Path part, Path source, CorpusFile file, long bytes) {}

    /**
     * Builds a corpus.
     *
     * @param manifest CSV with the columns role, dataset, file, resolution_seconds and licence, files relative to it
     * @param corpus the file to write; its folder must exist
     * @param threads how many files to work on at a time
     * @param progress called in the calling thread after each file; what it throws stops the work
     * @return what was kept and dropped, which is also in the report beside the corpus
     * @throws DataException when the manifest or a file is not as described
     * @throws InterruptedIOException when the calling thread is interrupted
     */
    public static CorpusReport build(Path manifest, Path corpus, int threads, Consumer<CorpusProgress> progress)
            throws IOException {
        if (threads < 1) throw new IllegalArgumentException(threads + " threads; expected at least 1");
        return new CorpusBuilder(manifest, corpus).build(threads, progress);
    }

    private CorpusReport build(int threads, Consumer<CorpusProgress> progress) throws IOException {
        Files.createDirectories(parts);
        for (CorpusFile file : manifest.files()) tasks.add(task(file));
        makeParts(threads, new Meter(progress));
        CorpusPart.merge(corpus, tasks.stream().map(Task::part).toList());
        CorpusFormat.Index index = CorpusFormat.read(corpus);
        CorpusReport report = CorpusReport.of(index.files(), index.series());
        report.write(corpus.resolveSibling(corpus.getFileName() + ".report.csv"));
        deleteParts();
        return report;
    }

    private Task task(CorpusFile file) throws IOException {
        Path source = manifest.locate(file);
        if (!Files.isRegularFile(source)) {
            throw new DataException(file.name(), 0, null, "the manifest names this file, but it does not exist");
        }
        long bytes = Files.size(source);
        String state = String.join("\n", file.toString(), Long.toString(bytes),
                Files.getLastModifiedTime(source).toString(), CorpusFormat.VERSION + "." + RULES);
        return new Task(parts.resolve(digest(state) + ".part"), source, file, bytes);
    }

    private void makeParts(int threads, Meter meter) throws IOException {
        List<Task> open = new ArrayList<>();
        for (Task task : tasks) {
            if (isFinished(task)) {
                meter.takeOver(task);
            } else {
                open.add(task);
            }
        }
        // The largest first, so that no thread is left alone with a large one at the end.
        open.sort(Comparator.comparingLong(Task::bytes).reversed());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            ExecutorCompletionService<Task> finished = new ExecutorCompletionService<>(pool);
            for (Task task : open) {
                finished.submit(() -> {
                    CorpusPart.write(task.part(), task.source(), task.file());
                    return task;
                });
            }
            for (int i = 0; i < open.size(); i++) meter.done(finished.take().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted; the next run continues with " + parts);
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } finally {
            stop(pool);
        }
    }

    /** Whether an earlier run left this part whole. */
    private static boolean isFinished(Task task) throws IOException {
        if (!Files.exists(task.part())) return false;
        try {
            CorpusFormat.read(task.part());
            return true;
        } catch (DataException e) {
            return false;
        }
    }

    private static IOException unwrapped(Throwable cause) {
        if (cause instanceof Error error) throw error;
        if (cause instanceof RuntimeException exception) throw exception;
        return (IOException) cause;
    }

    /** Interrupts the workers and waits until they touch no file any more. */
    private static void stop(ExecutorService pool) {
        boolean interrupted = false;
        pool.shutdownNow();
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void deleteParts() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parts, "*.part*")) {
            for (Path leftover : leftovers) Files.delete(leftover);
        }
        try {
            Files.delete(parts);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else's file, such as a desktop's folder settings, may stay.
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Counts what is done and foretells the rest by the bytes read in this run. */
    private final class Meter {
        private final Consumer<CorpusProgress> progress;
        private final long began = System.nanoTime();
        private long bytesLeft = tasks.stream().mapToLong(Task::bytes).sum();
        private long bytesRead;
        private int files;
        private long series;
        private long observations;

        Meter(Consumer<CorpusProgress> progress) {
            this.progress = progress;
        }

        void takeOver(Task task) throws IOException {
            bytesLeft -= task.bytes();
            files++;
            CorpusFormat.Index part = CorpusFormat.read(task.part());
            series += part.series().size();
            observations += part.files().get(0).tally().kept();
        }

        void done(Task task) throws IOException {
            takeOver(task);
            bytesRead += task.bytes();
            double nanosPerByte = (System.nanoTime() - began) / (double) Math.max(1, bytesRead);
            progress.accept(new CorpusProgress(files, tasks.size(), series, observations,
                    Duration.ofNanos((long) (nanosPerByte * bytesLeft))));
        }
    }
}
