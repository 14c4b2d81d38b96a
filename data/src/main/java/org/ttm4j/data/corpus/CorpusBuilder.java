package org.ttm4j.data.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.ttm4j.data.corpus.Corpus.CorpusFile.CutTally;
import org.ttm4j.data.corpus.Corpus.CorpusFile;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.series.DataException;

/**
 * Makes a {@link Corpus} from a manifest. The rows of role {@code pretrain} name gzip CSV files on a regular grid,
 * which are cut to standardised univariate series by the rules of this package. Files of any other role are never read.
 *
 * <p>The work can be interrupted at any time: the series of each file are kept in a folder {@code <corpus>.parts},
 * where the next run continues. A file that has changed since then is read again. The corpus appears whole or not at
 * all, and is the same byte for byte for any number of threads. A {@link CorpusReport} is written beside it as
 * {@code <corpus>.report.csv}. Two builds of one corpus must not run at the same time.
 */
public final class CorpusBuilder {
    /** The version of the rules. Raise it when they change, so that parts by older rules are made again. */
    private static final int RULES = 1;

    private final Manifest manifest;
    private final Path corpus;
    private final Path parts;
    private final List<Task> tasks = new ArrayList<>();
    private final Consumer<CorpusProgress> progress;
    private final long began = System.nanoTime();
    private long bytesLeft;
    private long bytesRead; // in this run
    private int files; // that are finished
    private long series;
    private long observations;

    private CorpusBuilder(Path manifest, Path corpus, Consumer<CorpusProgress> progress) throws IOException {
        this.progress = progress;
        this.manifest = Manifest.read(manifest);
        this.corpus = corpus.toAbsolutePath();
        parts = this.corpus.resolveSibling(corpus.getFileName() + ".parts");
    }

    private record Task(Path part, Path source, CorpusFile file, long bytes) {}

    /**
     * Builds a corpus.
     *
     * @param manifest CSV with the columns role, dataset, file, resolution_seconds and licence, files relative to it
     * @param corpus the file to write, in a folder that exists
     * @param threads the number of files to work on at the same time
     * @param progress called in the calling thread after each file; an exception from it stops the work
     * @return the report that was written beside the corpus
     * @throws DataException when the manifest or a file is not as described
     * @throws InterruptedIOException when the calling thread is interrupted
     * @throws IllegalArgumentException when {@code threads} is not positive
     */
    public static CorpusReport build(Path manifest, Path corpus, int threads, Consumer<CorpusProgress> progress)
            throws IOException {
        if (threads < 1) throw new IllegalArgumentException("expected at least 1 thread, found " + threads);
        return new CorpusBuilder(manifest, corpus, progress).build(threads);
    }

    private CorpusReport build(int threads) throws IOException {
        for (CorpusFile file : manifest.files) tasks.add(task(file));
        Files.createDirectories(parts);
        makeParts(threads);
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
        if (Files.exists(corpus) && Files.isSameFile(corpus, source)) {
            throw new DataException(file.name(), 0, null, "the corpus would overwrite this file; write it elsewhere");
        }
        long bytes = Files.size(source);
        String state = String.join("\n", file.toString(), Long.toString(bytes),
                Files.getLastModifiedTime(source).toString(), CorpusFormat.VERSION + "." + RULES);
        return new Task(parts.resolve(UUID.nameUUIDFromBytes(state.getBytes(StandardCharsets.UTF_8)) + ".part"), source,
                file, bytes);
    }

    private void makeParts(int threads) throws IOException {
        bytesLeft = tasks.stream().mapToLong(Task::bytes).sum();
        List<Task> open = new ArrayList<>();
        for (Task task : tasks) {
            if (!count(task)) open.add(task);
        }
        // The largest files come first, so that no thread works alone on a large one at the end.
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
            for (int i = 0; i < open.size(); i++) {
                Task task = finished.take().get();
                count(task);
                bytesRead += task.bytes();
                // From the bytes read in this run.
                double nanosPerByte = (System.nanoTime() - began) / (double) Math.max(1, bytesRead);
                progress.accept(new CorpusProgress(files, tasks.size(), series, observations,
                        Duration.ofNanos((long) (nanosPerByte * bytesLeft))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted; the next run continues with the parts in " + parts);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) throw error;
            if (e.getCause() instanceof RuntimeException exception) throw exception;
            throw (IOException) e.getCause();
        } finally {
            // Both together interrupt the workers and wait until they use no file any more.
            pool.shutdownNow();
            pool.close();
        }
    }

    /** Counts a part; false, and nothing is counted, if it is not complete. */
    private boolean count(Task task) throws IOException {
        if (!Files.exists(task.part())) return false;
        try {
            CorpusFormat.Index part = CorpusFormat.read(task.part());
            series += part.series().size();
            observations += part.files().get(0).tally().kept();
        } catch (DataException damaged) {
            return false;
        }
        bytesLeft -= task.bytes();
        files++;
        return true;
    }

    private void deleteParts() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parts, "*.part*")) {
            for (Path leftover : leftovers) Files.delete(leftover);
        }
        try {
            Files.delete(parts);
        } catch (DirectoryNotEmptyException e) {
            // Files of other programs, such as the folder settings of a desktop, stay.
        }
    }

    /**
     * The progress of the building of a corpus, after another file is finished.
     *
     * @param filesDone the number of finished files, including those of an earlier, interrupted run
     * @param files the number of all files
     * @param series the number of series kept so far
     * @param observations the number of observations kept so far
     * @param remaining the remaining time, estimated from the sizes of the files
     */
    public record CorpusProgress(int filesDone, int files, long series, long observations, Duration remaining) {}

    /**
     * The numbers of series and observations that a corpus kept and dropped, by data set and in total. Immutable.
     *
     * @param datasets a row for each data set, in the order of the manifest
     * @param total the row of all data sets together
     */
    public record CorpusReport(List<Row> datasets, Row total) {
        private static final String[] COLUMNS = {"dataset", "resolution_seconds", "files", "channels", "series",
                "steps", "observations_read", "observations_kept", "missing_share", "dropped_outliers", "dropped_flat",
                "flat_runs", "dropped_short", "short_pieces", "dropped_mostly_missing", "mostly_missing_pieces",
                "licence"};

        /** Copies the list. */
        public CorpusReport {
            datasets = List.copyOf(datasets);
        }

        /**
         * The numbers of one data set, or of all of them.
         *
         * @param dataset the name of the data set, or "total"
         * @param resolutions the resolutions of the files in seconds, ascending
         * @param licences the licences of the files
         * @param files the number of files
         * @param series the number of series kept
         * @param steps the number of steps of these series, including missing ones
         * @param tally the numbers of observations read and dropped
         */
        public record Row(String dataset, List<Long> resolutions, List<String> licences, int files, int series,
                long steps, CutTally tally) {}

        static CorpusReport of(List<CorpusFile> allFiles, List<CorpusSeries> allSeries) {
            Map<String, List<CorpusFile>> files = allFiles.stream()
                    .collect(Collectors.groupingBy(CorpusFile::dataset, LinkedHashMap::new, Collectors.toList()));
            Map<String, List<CorpusSeries>> series = allSeries.stream()
                    .collect(Collectors.groupingBy(CorpusSeries::dataset));
            List<Row> rows = new ArrayList<>();
            files.forEach((dataset, own) -> rows.add(row(dataset, own, series.getOrDefault(dataset, List.of()))));
            return new CorpusReport(rows, row("total", allFiles, allSeries));
        }

        /** Writes the report as CSV in UTF-8, with the total in the last row. */
        public void write(Path file) throws IOException {
            List<String> lines = new ArrayList<>();
            lines.add(String.join(",", COLUMNS));
            for (Row row : datasets) lines.add(line(row));
            lines.add(line(total));
            byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
            CorpusPart.replace(file, out -> CorpusPart.writeAll(out, ByteBuffer.wrap(text)));
        }

        private static Row row(String dataset, List<CorpusFile> files, List<CorpusSeries> series) {
            List<Long> resolutions = List.copyOf(
                    files.stream().map(CorpusFile::resolutionSeconds).collect(Collectors.toCollection(TreeSet::new)));
            List<String> licences = files.stream().map(CorpusFile::licence).distinct().toList();
            CutTally tally = files.stream().map(CorpusFile::tally).reduce(CutTally.NOTHING, CutTally::plus);
            long steps = series.stream().mapToLong(CorpusSeries::length).sum();
            return new Row(dataset, resolutions, licences, files.size(), series.size(), steps, tally);
        }

        private String line(Row row) {
            CutTally tally = row.tally();
            String resolutions = row.resolutions().stream().map(String::valueOf).collect(Collectors.joining(" "));
            String licences = row == total ? "" : String.join(" | ", row.licences());
            String missing = row.steps() == 0
                    ? ""
                    : String.format(Locale.ROOT, "%.4f", 1 - tally.kept() / (double) row.steps());
            return CSVFormat.DEFAULT.format(row.dataset(), resolutions, row.files(), tally.channels(), row.series(),
                    row.steps(), tally.read(), tally.kept(), missing, tally.outliers(), tally.flat(), tally.flatRuns(),
                    tally.tooShort(), tally.shortPieces(), tally.mostlyMissing(), tally.sparsePieces(), licences);
        }
    }

    /**
     * The files to pre-train on: the rows of role {@code pretrain} of a manifest, in the order of the manifest. Rows of any
     * other role are left out. A manifest that gives one file or data set both roles is refused, because training on
     * evaluation data would make every later score worthless.
     */
    private static final class Manifest {
        private static final String ROLE = "pretrain";
        private static final List<String> COLUMNS = List.of("role", "dataset", "file", "resolution_seconds", "licence");

        private final Path path;
        /** The files to pre-train on, with empty tallies. */
        final List<CorpusFile> files = new ArrayList<>();
        private final Set<String> otherDatasets = new HashSet<>();
        private final Set<Path> otherFiles = new HashSet<>();
        private final Set<Path> seen = new HashSet<>();

        private Manifest(Path path) {
            this.path = path;
        }

        /** Reads a manifest, a CSV in UTF-8 with at least the columns role, dataset, file, resolution_seconds, licence. */
        static Manifest read(Path path) throws IOException {
            Manifest manifest = new Manifest(path);
            CSVFormat format = CSVFormat.DEFAULT.builder()
                    .setHeader()
                    .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY)
                    .setSkipHeaderRecord(true)
                    .get();
            try (BufferedReader text = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                // Spreadsheets write a byte order mark.
                text.mark(1);
                if (text.read() != '\uFEFF') text.reset();
                CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get();
                List<String> missing = new ArrayList<>(COLUMNS);
                missing.removeAll(parser.getHeaderNames());
                if (!missing.isEmpty()) {
                    throw manifest.problem(0, null, "expected a manifest with the columns " + String.join(", ", COLUMNS)
                            + "; it lacks " + String.join(", ", missing));
                }
                for (CSVRecord row : parser) manifest.add(row, parser.getCurrentLineNumber());
            } catch (UncheckedIOException e) {
                throw DataException.unreadable(path.toString(), 0, e.getCause());
            } catch (IOException e) {
                throw DataException.unreadable(path.toString(), 0, e);
            } catch (IllegalArgumentException e) {
                throw new DataException(path.toString(), 0, null, "cannot be read: " + e.getMessage(), e);
            }
            manifest.refuseMixedRoles();
            if (manifest.files.isEmpty()) {
                throw new DataException(path.toString(), 0, "role", "expected rows of role '" + ROLE + "', found none");
            }
            return manifest;
        }

        Path locate(CorpusFile file) {
            return folder().resolve(file.name());
        }

        private Path folder() {
            return path.toAbsolutePath().normalize().getParent();
        }

        private void add(CSVRecord row, long line) throws DataException {
            String dataset = cell(row, line, "dataset");
            String name = cell(row, line, "file");
            Path file = folder().resolve(name).normalize();
            if (!cell(row, line, "role").equals(ROLE)) {
                otherDatasets.add(dataset);
                otherFiles.add(file);
                return;
            }
            if (!file.startsWith(folder())) {
                throw problem(line, "file", "expected a path below the manifest's folder, found '" + name + "'");
            }
            if (!seen.add(file)) throw problem(line, "file", "'" + name + "' occurs twice");
            files.add(
                    new CorpusFile(dataset, name, cell(row, line, "licence"), resolution(row, line), CutTally.NOTHING));
        }

        private void refuseMixedRoles() throws DataException {
            for (CorpusFile file : files) {
                if (otherDatasets.contains(file.dataset()) || otherFiles.contains(locate(file).normalize())) {
                    throw problem(0, "role", "'" + file.name() + "' of data set '" + file.dataset() + "' has role '"
                            + ROLE + "' and another role");
                }
            }
        }

        private long resolution(CSVRecord row, long line) throws DataException {
            String text = cell(row, line, "resolution_seconds");
            if (!text.matches("[1-9][0-9]{0,11}")) {
                throw problem(line, "resolution_seconds", "expected whole seconds above 0, found '" + text + "'");
            }
            return Long.parseLong(text);
        }

        private String cell(CSVRecord row, long line, String column) throws DataException {
            if (!row.isSet(column) || row.get(column).isBlank()) throw problem(line, column, "expected a value");
            return row.get(column).strip();
        }

        private DataException problem(long line, String column, String text) {
            return new DataException(path.toString(), line, column, text);
        }
    }
}
